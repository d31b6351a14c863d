import { packUnits, type Pack } from './pack-units.ts';
import type { PageBox, ParsedDocument } from './parsed-document.ts';
import { listSections, type Section } from './list-sections.ts';
import { splitUnits } from './split-units.ts';

export interface ChunkOptions {
  /** Largest size of a chunk, in estimated word pieces. all-minilm reads at most 256. */
  maxTokens?: number;
  /** A last chunk of a section below this size shares the text of the one before. */
  minTokens?: number;
  /** How much running text a chunk repeats of the one before, in whole sentences. */
  overlapTokens?: number;
}

export interface Chunk {
  /** From 0, in reading order. */
  ordinal: number;
  text: string;
  /** Length of the beginning of `text` that the chunk before ends with. */
  repeated: number;
  /** The headings above it, the highest first. */
  headings: string[];
  page: number | null;
  boxes: PageBox[];
  /** Number of the block that its own text begins in. */
  startBlock: number;
  /** Estimated word pieces of `text`. */
  tokens: number;
}

const DEFAULTS = { maxTokens: 160, minTokens: 40, overlapTokens: 24 };

/**
 * Cuts a document into passages along its structure: never across a heading, sentences, items and
 * rows whole unless one alone is too large. The same document gives the same chunks.
 */
export function chunkDocument(
  { blocks }: Pick<ParsedDocument, 'blocks'>,
  options: ChunkOptions = {},
): Chunk[] {
  const limits = { ...DEFAULTS, ...options };
  const chunks: Chunk[] = [];
  for (const section of listSections(blocks)) {
    const units = section.blocks.flatMap((index) => {
      const block = blocks[index];
      return block ? splitUnits(block, index, limits.maxTokens) : [];
    });
    for (const pack of packUnits(units, limits)) {
      chunks.push({ ordinal: chunks.length, ...describe(pack, section, blocks) });
    }
  }
  return chunks;
}

function describe(
  { units, repeated }: Pack,
  { headings }: Section,
  blocks: ParsedDocument['blocks'],
): Omit<Chunk, 'ordinal'> {
  const own = units.slice(repeated);
  const before = joinUnits(units.slice(0, repeated));
  const text = joinUnits(units);
  const used = [...new Set(own.map(({ block }) => block))];
  const startBlock = used[0] ?? 0;
  return {
    text,
    repeated: before.length,
    headings,
    page: blocks[startBlock]?.page ?? null,
    boxes: used.flatMap((index) => blocks[index]?.boxes ?? []),
    startBlock,
    tokens: units.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

const joinUnits = (units: Pack['units']): string =>
  units.map(({ text, separator }, i) => (i === 0 ? text : separator + text)).join('');
