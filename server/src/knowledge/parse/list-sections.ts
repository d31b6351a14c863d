import type { Block } from './parsed-document.ts';

/** What stands between one heading and the next. */
export interface Section {
  /** The headings above it, the highest first. */
  headings: string[];
  /** Numbers of its blocks. */
  blocks: number[];
}

/**
 * Cuts the document at its headings. A heading with nothing below it becomes a section of its own,
 * so that its words can be found.
 */
export function listSections(blocks: readonly Block[]): Section[] {
  const sections: Section[] = [];
  const above: { level: number; text: string; index: number; used: boolean }[] = [];
  let current: Section | undefined;
  const closeHeadings = (level: number): void => {
    for (let top = above.at(-1); top && top.level >= level; top = above.at(-1)) {
      above.pop();
      if (top.used) continue;
      sections.push({ headings: above.map(({ text }) => text), blocks: [top.index] });
      for (const heading of above) heading.used = true;
    }
  };
  blocks.forEach((block, index) => {
    if (block.kind === 'heading') {
      const level = block.level ?? 1;
      closeHeadings(level);
      above.push({ level, text: block.text, index, used: false });
      current = undefined;
      return;
    }
    if (!current) {
      current = { headings: above.map(({ text }) => text), blocks: [] };
      sections.push(current);
      for (const heading of above) heading.used = true;
    }
    current.blocks.push(index);
  });
  closeHeadings(0);
  return sections;
}
