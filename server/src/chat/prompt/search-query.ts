import { contentWords } from '../words/content-words.ts';
import { detectLanguage } from '../words/detect-language.ts';

const REFERRING =
  /(?<!\p{L})(?:it|its|they|them|their|he|she|him|her|his|this|that|these|those|er|sie|es|dies|diese|dieser|ihn|ihm|dort|den|det|dette|disse|han|hun|der)(?!\p{L})/iu;
const OPENING =
  /^\s*(?:and|und|og|but|aber|men|what about|how about|was ist mit|hva med)(?!\p{L})/iu;
const FEW = 3;

/**
 * What to search for: the question, with the one before it when it leans on that: it is short, opens
 * with "and", or uses a pronoun with few words of its own.
 */
export function searchQuery(question: string, previous: string | undefined): string {
  if (previous === undefined) return question;
  const own = contentWords(question, detectLanguage(question)).length;
  const leans = own <= 1 || OPENING.test(question) || (own <= FEW && REFERRING.test(question));
  return leans ? `${previous} ${question}` : question;
}
