import type { PassageDraft } from '../../server/src/knowledge/ingest/read-document.ts';
import { randomFrom } from './made-up-text.ts';

/** How many different words there are; a language's documents hold about as many. */
const VOCABULARY = 60_000;
const WORDS_PER_PASSAGE = 150;
const SYLLABLES = 'an be dor el fi gra hel in jo kar lun mor ne os pra qui ros sten tal und'.split(
  ' ',
);

/** The word of a rank: the frequent ones are short, each is written once. */
export function wordOfRank(rank: number): string {
  let word = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return word;
}

/** A rank with Zipf's frequencies: the tenth word is a tenth as frequent as the first. */
export const randomRank = (random: () => number): number =>
  Math.min(VOCABULARY - 1, Math.floor(VOCABULARY ** random()) - 1);

/** A passage of a made-up language whose words are as unevenly frequent as in a real one. */
export function madeUpPassage(random: () => number): PassageDraft {
  const words = Array.from({ length: WORDS_PER_PASSAGE }, () => wordOfRank(randomRank(random)));
  return { text: words.join(' '), headings: [], page: null, boxes: [] };
}

/** A question of four to ten words, of which some are rare. */
export function madeUpQuestion(random: () => number): string {
  const count = 4 + Math.floor(random() * 7);
  return Array.from({ length: count }, () => wordOfRank(randomRank(random))).join(' ');
}

/** A direction near one of 400 topics, as vectors of real passages lie. */
export function madeUpVector(random: () => number, dimensions: number): number[] {
  const topic = randomFrom(Math.floor(random() * 400));
  return Array.from({ length: dimensions }, () => topic() - 0.5 + (random() - 0.5) * 0.9);
}
