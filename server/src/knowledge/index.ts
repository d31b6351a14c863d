/**
 * Room `knowledge` (floor 3): what a tenant's documents say.
 * Owns uploads, their reading in a sandboxed child, passages, words, vectors, the search over them
 * and the storage quota.
 * Promises: the original is gone as soon as it was read, a search stays in its tenant and in its
 * time however many passages there are, and without the model server words alone still find.
 */
export { readInChild } from './ingest/read-in-child.ts';
export type { ReadDocument } from './ingest/read-document.ts';
export { knowledgeChecks } from './live-checks.ts';
export { knowledgeJobs } from './jobs.ts';
export { knowledgeRoutes } from './routes.ts';
export type { NamePeople } from './present-document.ts';
export { findCurrentModel, type EmbeddingModel } from './repo/embeddings.ts';
export { readPassages } from './read-passages.ts';
export type { Passage } from './repo/passages.ts';
export { knowledgeColumns } from './encrypted-columns.ts';
export { createIndexKeeper } from './index/index-keeper.ts';
export { searchChunks, type ChunkSearch, type SearchHit } from './search/search-chunks.ts';
export { uploadPath } from './uploads/upload-path.ts';
export { countUnreadDocuments, searchKnowledge, type KnowledgeSearch } from './search-knowledge.ts';
export { startKnowledgeKeeper } from './keeper.ts';
