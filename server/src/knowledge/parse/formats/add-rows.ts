import type { BlockList } from '../block-list.ts';

const ROWS_PER_BLOCK = 100;

/** Adds a table in blocks of bounded size: sheets may have a hundred thousand rows. */
export function addRows(blocks: BlockList, rows: readonly string[]): void {
  for (let at = 0; at < rows.length; at += ROWS_PER_BLOCK) {
    const text = rows.slice(at, at + ROWS_PER_BLOCK).join('\n');
    blocks.add({ kind: 'table', text });
  }
}
