/**
 * Room `chat` (floor 4): people ask, and are answered from their tenant's documents.
 * Owns conversations, messages, citations and the streams of answers; the prompt; the judgement
 * whether the documents can answer; and the check of every answer against its passages.
 * Promises: a conversation is its owner's alone; an answer survives its client and its process's
 * end; what the passages don't carry is marked, or replaced by what they say.
 */
export { chatColumns } from './encrypted-columns.ts';
export { createChat, type Chat } from './create-chat.ts';
export type { SearchHit, SearchKnowledge } from './search-knowledge.ts';
export { checkAnswer, type Embed, type Passage } from './grounding/check-answer.ts';
