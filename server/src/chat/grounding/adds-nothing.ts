import { contentWords } from '../words/content-words.ts';
import { detectLanguage } from '../words/detect-language.ts';
import { factsOf } from '../words/facts.ts';
import { holdsNumber } from '../words/numbers.ts';
import { sameWord } from '../words/stem.ts';
import { withoutCitations } from './citation-marks.ts';

/**
 * Whether an answer says no more than its question: small models like to repeat it, and a repeated
 * question looks well supported to every comparison with the passage.
 */
export function addsNothing(question: string, answer: string): boolean {
  const text = withoutCitations(answer);
  const language = detectLanguage(question);
  const asked = contentWords(question, language);
  const said = contentWords(text, language);
  const fresh = said.filter(({ stem }) => !asked.some((other) => sameWord(stem, other.stem)));
  const numbers = factsOf(question, language).numbers;
  return (
    fresh.length === 0 &&
    factsOf(text, language).numbers.every((number) => holdsNumber(numbers, number))
  );
}
