/**
 * Parsing: turns an uploaded file into text with its structure and its places on the pages.
 * Promises: the type is judged by content; a document is read only in a child process without
 * network, shell or files, inside limits of memory, time and size; whatever is wrong with it comes
 * back as a ParseError that says what to do. Knows nothing of the database. The code that reads the
 * formats is not exported: only the child may load it.
 */
export { detectType, type FileSample } from './detect-type.ts';
export { HEAD_BYTES, TAIL_BYTES } from './sample-bytes.ts';
export { sanitiseFileName } from './sanitise-file-name.ts';
export { findClaimedFormat, MEDIA_TYPES, type FileFormat, type MediaType } from './media-types.ts';
export { ParseError, type ParseErrorCode } from './parse-error.ts';
export { DEFAULT_PARSE_LIMITS, type ParseLimits } from './parse-limits.ts';
export type { Block, BlockKind, Language, PageBox, ParsedDocument } from './parsed-document.ts';
export { parseInChild, type ParseRequest } from './sandbox/parse-in-child.ts';
export { describeSandbox } from './sandbox/describe-sandbox.ts';
export type { SandboxLayer, SandboxReport } from './sandbox/layers.ts';
export { chunkDocument, type Chunk, type ChunkOptions } from './chunk-document.ts';
