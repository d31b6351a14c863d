import { ParseError } from './parse-error.ts';
import type { ParseLimits } from './parse-limits.ts';
import type { Block, PageBox } from './parsed-document.ts';
import { tidyCode, tidyLine, tidyLines } from './tidy-text.ts';

/** A block as a format reader found it: untidied, its place optional. */
export interface FoundBlock {
  kind: Block['kind'];
  text: string;
  level?: number;
  boxes?: PageBox[];
  page?: number | null;
}

/** Collects the blocks of one document: tidies their text, drops empty ones, keeps to the limits. */
export class BlockList {
  readonly blocks: Block[] = [];
  readonly #limits: Pick<ParseLimits, 'blocks' | 'textLength'>;
  #length = 0;

  constructor(limits: Pick<ParseLimits, 'blocks' | 'textLength'>) {
    this.#limits = limits;
  }

  /** @throws ParseError too_large */
  add(found: FoundBlock): void {
    const text = tidy(found);
    if (text === '') return;
    this.#length += text.length;
    if (this.#length > this.#limits.textLength || this.blocks.length >= this.#limits.blocks) {
      throw new ParseError('too_large');
    }
    const boxes = found.boxes ?? [];
    this.blocks.push({
      kind: found.kind,
      ...(found.kind === 'heading' && { level: Math.min(6, Math.max(1, found.level ?? 1)) }),
      text,
      page: found.page ?? boxes[0]?.page ?? null,
      boxes,
    });
  }
}

function tidy({ kind, text }: FoundBlock): string {
  if (kind === 'code') return tidyCode(text);
  return kind === 'list' || kind === 'table' ? tidyLines(text) : tidyLine(text);
}
