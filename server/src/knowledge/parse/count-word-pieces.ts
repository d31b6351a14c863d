const LETTERS_PER_PIECE = 4.5;
const DIGITS_PER_PIECE = 2;
const LAST_LATIN = 0x24f;

/**
 * Estimates how many word pieces an embedding model sees in a text, without its vocabulary. Made
 * for uncased WordPiece: short Latin words are one piece, long ones several, marks and the letters
 * of other scripts one each. It errs on the high side for English.
 */
export function countWordPieces(text: string): number {
  let pieces = 0;
  let [letters, digits] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (isDigit(code)) digits++;
    else if (digits > 0) {
      pieces += Math.ceil(digits / DIGITS_PER_PIECE);
      digits = 0;
    }
    if (isLatin(code)) letters++;
    else if (letters > 0) {
      pieces += Math.ceil(letters / LETTERS_PER_PIECE);
      letters = 0;
    }
    if (!isDigit(code) && !isLatin(code) && code > 32 && code !== 160) pieces++;
  }
  return pieces;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const isLatin = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 0xc0 && code <= LAST_LATIN && code !== 0xd7 && code !== 0xf7);
