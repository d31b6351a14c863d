// A mark that ends a sentence, closing quotes, a gap, and what a sentence begins with.
const BOUNDARY = /([.!?…][)\]"'»”’]*)\s+(?=[\p{Lu}\p{N}"'(«“„¿¡[])/gu;

// Words whose full stop ends no sentence, in the languages that have a dictionary.
const ABBREVIATIONS = new Set(
  (
    'dr prof mr mrs ms st vs etc approx no nr fig sec ch vol ed eds inc ltd co corp dept est jan feb mar apr jun jul aug sep sept oct nov dec ' +
    'bzw ca usw abs art bd evtl ggf hr fr inkl mio mrd sog str tel vgl zzgl ' +
    'bl dvs eks evt f.eks jf kl mht mv osv pga tlf ' +
    'sr sra ud uds pág cap av mme mlle p.ex cf env'
  ).split(' '),
);

/**
 * Cuts a text into sentences; joined with spaces they are the text again. Abbreviations, initials
 * and ordinal numbers ("3. Oktober", "17. mai") end none.
 */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(BOUNDARY)) {
    const [gap, mark = ''] = match;
    const end = match.index + mark.length;
    if (
      mark.startsWith('.') &&
      endsInAbbreviation(text.slice(Math.max(start, match.index - 24), match.index))
    ) {
      continue;
    }
    sentences.push(text.slice(start, end));
    start = match.index + gap.length;
  }
  if (start < text.length) sentences.push(text.slice(start));
  return sentences;
}

function endsInAbbreviation(before: string): boolean {
  const word = before.split(/[^\p{L}\p{N}.]/u).at(-1) ?? '';
  return (
    /^(?:.*\.)?\p{L}$/u.test(word) ||
    /^\d{1,2}$/.test(word) ||
    ABBREVIATIONS.has(word.toLowerCase())
  );
}
