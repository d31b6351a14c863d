import type { BlockList } from '../block-list.ts';
import type { ParseLimits } from '../parse-limits.ts';

/** What a format reader is given: the whole document, the list to fill, the limits to keep. */
export interface ReadInput {
  bytes: Uint8Array;
  blocks: BlockList;
  limits: ParseLimits;
}

/** What it knows of the document beside its blocks. */
export interface ReadOutcome {
  title: string | null;
  pages: number | null;
}

export type FormatReader = (input: ReadInput) => ReadOutcome | Promise<ReadOutcome>;
