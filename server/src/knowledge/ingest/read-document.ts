import type { PageBox } from '../parse/index.ts';

/** A passage as the splitter makes it, before it has an id. */
export type PassageDraft = {
  readonly text: string;
  /** From the outermost to the innermost. */
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly boxes: readonly PageBox[];
};

export type ReadResult = {
  readonly language: string;
  readonly pages: number | null;
  readonly passages: readonly PassageDraft[];
};

export type OriginalFile = {
  readonly path: string;
  /** What is in it, where the file itself is encrypted. */
  readonly contents?: Buffer;
  readonly mediaType: string;
  readonly signal: AbortSignal;
};

/**
 * Turns an original into passages, in a process without network and shell.
 *
 * @throws ParseError what is wrong with the document; anything else is a fault of ours
 */
export type ReadDocument = (file: OriginalFile) => Promise<ReadResult>;
