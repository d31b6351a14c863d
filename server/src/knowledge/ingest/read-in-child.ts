import { chunkDocument, parseInChild } from '../parse/index.ts';
import type { ReadDocument } from './read-document.ts';

/**
 * Longest passage in word pieces. Longer ones than the parser's default find more: what a question
 * says and what answers it stand in one passage more often. The model's window holds 512.
 */
const MOST_TOKENS = 320;

/**
 * Reads originals behind the parser's boundaries and cuts them into passages.
 *
 * @param childEntry the built program of the parsing child; null: the sources run, as in a checkout
 */
export function readInChild(childEntry: string | null): ReadDocument {
  return async (file) => {
    const parsed = await parseInChild({ ...file, ...(childEntry === null ? {} : { childEntry }) });
    const passages = chunkDocument(parsed, { maxTokens: MOST_TOKENS });
    return { language: parsed.language, pages: parsed.pages, passages };
  };
}
