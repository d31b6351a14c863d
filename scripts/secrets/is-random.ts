/**
 * Whether a text looks drawn at random: Shannon entropy of its characters, in bits each, as in
 * Shannon 1948. English words with dashes stay below 3.5; 20 random base64 characters reach 4.
 */
export function isRandom(text: string): boolean {
  if (!/[0-9]/.test(text) || !/[A-Za-z]/.test(text) || text.length < 16) return false;
  // Names, paths and templates have structure that random text has not.
  if (/[\s{}<>()/$]/.test(text) || /^[a-z]+([-_.][a-z0-9]+)+$/.test(text)) return false;
  return entropy(text) >= 3.6;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
