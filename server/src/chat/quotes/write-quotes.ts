import type { Quote } from './choose-quotes.ts';
import { phrasesFor } from './phrases.ts';

/** The answer that stands in for an unsupported one: it says so, then quotes with citation marks. */
export function writeQuotes(question: string, quotes: readonly Quote[]): string {
  const lines = quotes.map(({ n, text }) => `> ${text.replace(/\s+/g, ' ').trim()} [${n}]`);
  return [phrasesFor(question).quoted, ...lines].join('\n\n');
}
