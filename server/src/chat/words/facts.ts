import { CLOSED_SETS } from './closed-sets.ts';
import { allWords, type Word } from './content-words.ts';
import { numbersOf } from './numbers.ts';
import { isStopWord, type Language } from './stop-words.ts';

/** What a sentence may not get wrong, whatever its wording. */
export type Facts = {
  readonly numbers: readonly ReadonlySet<string>[];
  /** Members of closed sets, as `set:member`. */
  readonly members: ReadonlySet<string>;
  /** Codes (letters with digits) and names, lower case. */
  readonly names: readonly string[];
};

const TITLES = new Set(['dr', 'prof', 'mr', 'mrs', 'ms', 'frau', 'herr', 'herrn', 'fru', 'hr']);

export function factsOf(text: string, language: Language | null): Facts {
  const words = allWords(text);
  const members = new Set<string>();
  for (const { text: word } of words) {
    const member = CLOSED_SETS.get(word.toLowerCase());
    if (member) members.add(member);
  }
  const codes = words.filter(({ text: word }) => isCode(word));
  const rest = removeCodes(text, codes);
  return {
    numbers: numbersOf(rest, language),
    members,
    names: [...codes, ...properNames(text, words, language)].map(({ text: word }) => nameKey(word)),
  };
}

/** A name without its genitive ending. */
export function nameKey(word: string): string {
  return word.toLowerCase().replace(/['’]s?$/u, '');
}

/** Letters and digits in one word, or digits in groups: `RK-7741-QX`, `HT-30`, `88-1432`. */
function isCode(word: string): boolean {
  return (
    /\d/.test(word) && /[\p{L}-]/u.test(word) && !/^\d+(?:st|nd|rd|th|km|m|h|kg|mw)$/i.test(word)
  );
}

function removeCodes(text: string, codes: readonly Word[]): string {
  let rest = text;
  for (const { start, text: code } of codes)
    rest = rest.slice(0, start) + ' '.repeat(code.length) + rest.slice(start + code.length);
  return rest;
}

/**
 * Capitalised words that do not open a sentence. German writes every noun so: there only two in a
 * row, or one after a title, are taken for a name.
 */
function properNames(text: string, words: readonly Word[], language: Language | null): Word[] {
  return words.filter((word, index) => {
    if (!/^\p{Lu}/u.test(word.text) || /\d/.test(word.text)) return false;
    if (isStopWord(word.text.toLowerCase(), language)) return false;
    if (CLOSED_SETS.has(word.text.toLowerCase())) return false;
    const before = words[index - 1];
    if (before && TITLES.has(before.text.toLowerCase())) return true;
    const next = words[index + 1];
    // "Erik Solli will lead": the first word of a sentence is a name when another one follows.
    if (!before || opensSentence(text, word.start))
      return (
        next !== undefined &&
        /^\p{Lu}\p{Ll}/u.test(next.text) &&
        next.start - word.start === word.text.length + 1 &&
        language !== 'de'
      );
    if (language !== 'de') return true;
    return [before, next].some((near) => near && isCapitalNeighbour(text, word, near));
  });
}

function opensSentence(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 6), start).replace(/["“„(*\s]/gu, '');
  return before === '' || '.!?:•-'.includes(before.at(-1) ?? '');
}

function isCapitalNeighbour(text: string, word: Word, near: Word): boolean {
  const [first, second] = near.start < word.start ? [near, word] : [word, near];
  const adjacent = second.start - (first.start + first.text.length) === 1;
  const opens = opensSentence(text, near.start);
  const opensByNoun = opens && isStopWord(near.text.toLowerCase(), 'de');
  return adjacent && /^\p{Lu}\p{Ll}/u.test(near.text) && !opensByNoun;
}
