import type { OfficePackage } from './office-package.ts';

/** What a paragraph style of Word means for us. */
export interface WordStyle {
  headingLevel?: number;
  isList?: boolean;
}

/** Paragraph styles by id. Ids are translated ("berschrift1"), names are not ("heading 1"). */
export function readStyles(word: OfficePackage, part: string | undefined): Map<string, WordStyle> {
  const styles = new Map<string, WordStyle>();
  let current: WordStyle | undefined;
  if (!part) return styles;
  word.read(part, {
    open: (name, attributes) => {
      const value = attributes['w:val'] ?? '';
      if (name === 'style') styles.set(attributes['w:styleId'] ?? '', (current = {}));
      if (!current) return;
      if (name === 'name') Object.assign(current, styleOf(value.toLowerCase()));
      if (name === 'outlineLvl' && /^[0-8]$/.test(value)) current.headingLevel = Number(value) + 1;
      if (name === 'numPr') current.isList = true;
    },
    close: (name) => {
      if (name === 'style') current = undefined;
    },
  });
  return styles;
}

function styleOf(name: string): WordStyle {
  const level = /^heading ([1-9])$/.exec(name)?.[1];
  if (level) return { headingLevel: Number(level) };
  if (name === 'title') return { headingLevel: 1 };
  return name.startsWith('list ') ? { isList: true } : {};
}
