const ENDINGS = new Set([
  'ization',
  'isation',
  'ations',
  'ation',
  'ments',
  'ment',
  'ingly',
  'ings',
  'ungen',
  'enes',
  'iers',
  'ing',
  'ung',
  'ion',
  'ied',
  'ies',
  'ene',
  'ers',
  'est',
  'ern',
  'lich',
  'ly',
  'ed',
  'er',
  'es',
  'en',
  'em',
  'et',
  'ar',
  'te',
  'ne',
  'e',
  's',
  't',
  'n',
  'a',
  'y',
  'o',
]);
const LONGEST_ENDING = 7;

/**
 * Cuts endings of English, German, Norwegian and Romance words off, at most two of them. It only
 * has to make forms of one word equal, not to find a dictionary form.
 */
export function stem(word: string): string {
  if (/\d/.test(word)) return word;
  let rest = word.replace(/['’]s?$/u, '').replaceAll('ß', 'ss');
  for (let round = 0; round < 2; round++) {
    const length = endingLength(rest);
    if (length === 0 || rest.length <= 4) break;
    rest = rest.slice(0, -length);
  }
  // stopp-ed and stop: a doubled consonant before a cut ending is one.
  return rest.length > 3 && rest.at(-1) === rest.at(-2) ? rest.slice(0, -1) : rest;
}

/** The longest ending that leaves three letters. */
function endingLength(word: string): number {
  for (let length = Math.min(LONGEST_ENDING, word.length - 3); length > 0; length--)
    if (ENDINGS.has(word.slice(-length))) return length;
  return 0;
}

/** Equal stems; or one long word inside another at an edge, as German and Norwegian compounds are. */
export function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (/\d/.test(a) || /\d/.test(b)) return false;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length >= 5 && (long.startsWith(short) || long.endsWith(short))) return true;
  return (
    short.length >= 5 && long.length - short.length <= 3 && sharedPrefix(a, b) >= short.length - 1
  );
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
