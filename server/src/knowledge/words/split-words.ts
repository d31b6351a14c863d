/** Letters that Unicode does not decompose, written as people type them without a national keyboard. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const WORD = /[\p{L}\p{N}]+/gu;
/** Scripts written without spaces: two neighbouring characters stand for a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/u;
const LONGEST_WORD = 64;

/**
 * The words of a text in order: lower case, without accents, letters and digits only. It is the
 * same for every language, so that documents and questions need no label and may mix languages.
 */
export function splitWords(text: string): string[] {
  const plain = PLAIN_TEXT.test(text) ? text.toLowerCase() : fold(text);
  const words = plain.match(WORD) ?? [];
  return words.every(isOrdinary)
    ? words
    : words.flatMap((word) =>
        UNSPACED.test(word) ? pairs(word) : [word.slice(0, LONGEST_WORD).toWellFormed()],
      );
}

/** Most English text needs no folding. */
const PLAIN_TEXT = /^[\x00-\x7f]*$/;

const isOrdinary = (word: string): boolean => word.length <= LONGEST_WORD && !UNSPACED.test(word);

const fold = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => PLAIN[letter] ?? letter);

function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`);
}
