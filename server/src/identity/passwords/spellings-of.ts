/** What people put for a letter. */
const LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
/** A word of fewer letters is found in many good passwords. */
const FEWEST = 6;

/**
 * A password as it stands, and what it comes down to without the usual disguise: capitals, digits and
 * signs behind or before a word, and digits for letters. `P@ssword2026!` is `password`.
 */
export function spellingsOf(password: string): string[] {
  const small = password.toLowerCase();
  const bare = withoutEnds(small);
  const spellings = [password, small, bare, withLetters(small), withLetters(bare)];
  return [
    ...new Set(spellings.filter((one, at) => at < 2 || (one.length >= FEWEST && one !== ''))),
  ];
}

/** From its first letter to its last. */
function withoutEnds(text: string): string {
  const signs = [...text];
  const isLetter = (sign: string): boolean => /\p{L}/u.test(sign);
  return signs.slice(signs.findIndex(isLetter), signs.findLastIndex(isLetter) + 1).join('');
}

function withLetters(text: string): string {
  return text.replace(/[013457@$!]/g, (sign) => LETTERS[sign] ?? sign);
}
