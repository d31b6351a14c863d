/** Languages that full text search has a dictionary for; `simple` means any other. */
export const LANGUAGES = ['en', 'de', 'no', 'es', 'fr', 'simple'] as const;
export type Language = (typeof LANGUAGES)[number];

export const BLOCK_KINDS = ['heading', 'paragraph', 'list', 'table', 'code'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** A rectangle on a page: fractions 0..1 of the page, origin at the top left, `page` from 1. */
export interface PageBox {
  page: number;
  x: number;
  y: number;
  w: number;
  h: number;
}

/**
 * One piece of a document in reading order. In a `table` each line of `text` is a row that names
 * its columns (`Header: value; …`), in a `list` each line is an item.
 */
export interface Block {
  kind: BlockKind;
  /** Of a heading only: 1 is the highest, 6 the lowest. */
  level?: number;
  text: string;
  /** Page (or slide) on which the block begins, from 1; null where the format has no pages. */
  page: number | null;
  boxes: PageBox[];
}

export interface ParsedDocument {
  language: Language;
  title: string | null;
  pages: number | null;
  blocks: Block[];
}
