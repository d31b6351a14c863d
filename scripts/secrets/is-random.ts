/**
 * Whether a text looks drawn at random: long hexadecimal, or capitals, small letters and digits
 * mixed with a high Shannon entropy (bits for each character, as in Shannon 1948). English words
 * with dashes stay below 3.5; 20 random base64 characters reach 4. Paths and templates are neither.
 */
export function isRandom(text: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(text)) return entropy(text) >= 3;
  if (!/^[A-Za-z0-9+][A-Za-z0-9+/=_.~!@#%^&*-]{15,}$/.test(text)) return false;
  const mixed = [/[0-9]/, /[A-Z]/, /[a-z]/].every((kind) => kind.test(text));
  return mixed && entropy(text) >= 3.6;
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
