const PART_OF_WORD = /[\p{L}\p{N}-]/u;

/**
 * Whether a text (lower case) holds a name or code (lower case). A code must stand there whole:
 * half of an access token is another token. Names may be inflected.
 */
export function holdsName(text: string, name: string): boolean {
  if (!/\d/.test(name)) return text.includes(name);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + name.length]];
    if (!PART_OF_WORD.test(before) && !PART_OF_WORD.test(after)) return true;
  }
  return false;
}
