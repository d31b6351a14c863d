/** Text for benches that need much of it: made-up sentences, the same in every run. */
const WORDS =
  'archive bridge canal casemate charter clerk council courtyard drawbridge engineer fortress gallery garrison gate governor granary harbour inspector inventory keeper lantern ledger magazine mason merchant moat officer parapet passage patrol pump quarry rampart record register river sentry signal siege stair storehouse survey tower treasury tunnel vault wall warden watch well'.split(
    ' ',
  );

/** A small linear congruential generator (Numerical Recipes), so that runs are alike. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function madeUpSentence(random: () => number): string {
  const count = 8 + Math.floor(random() * 10);
  const words = Array.from({ length: count }, () => {
    const word = WORDS[Math.floor(random() * WORDS.length)] ?? 'wall';
    return random() < 0.15 ? `${word}${Math.floor(random() * 1_000)}` : word;
  });
  const text = words.join(' ');
  return `The ${text}.`;
}

/** At least `bytes` of paragraphs. */
export function madeUpText(bytes: number, random: () => number): string {
  const paragraphs: string[] = [];
  let length = 0;
  while (length < bytes) {
    const paragraph = Array.from({ length: 6 }, () => madeUpSentence(random)).join(' ');
    paragraphs.push(paragraph);
    length += paragraph.length + 2;
  }
  return paragraphs.join('\n\n');
}
