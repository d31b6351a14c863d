import { openPackage } from './office/office-package.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { readStyles } from './office/read-styles.ts';
import { WordBlocks } from './office/word-blocks.ts';

const SIDE_PARTS = ['footnotes', 'endnotes'];

/** Word: headings by style or outline level, lists, tables, notes at the end; no hidden text. */
export function readDocx({ bytes, blocks, limits }: ReadInput): ReadOutcome {
  const word = openPackage(bytes, 'wordprocessingml.document.main', limits);
  const related = [...word.relations(word.main).values()];
  const styles = readStyles(word, related.find(({ type }) => type === 'styles')?.path);
  word.read(word.main, new WordBlocks(blocks, styles));
  for (const { type, path } of related) {
    if (SIDE_PARTS.includes(type)) word.read(path, new WordBlocks(blocks, styles));
  }
  return { title: word.title, pages: null };
}
