import { BULLET } from './bullet.ts';
import type { Paragraph } from './join-paragraphs.ts';

const LARGER = 1.12;
const MAX_LENGTH = 160;
const MAX_LINES = 3;
const MAX_SIZES = 4;
const NUMBER = /^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\p{L}/u;
// A line of the table of contents.
const CONTENTS = /…\s*[\dxvi]+$/;
const CAPTION =
  /^(?:fig(?:ure|ur)?|table|tabelle?|abb(?:ildung)?|tab|cuadro|figura|tableau|source|quelle|kilde)\b/i;

/** Tells the headings of one document by how they differ from its running text. */
export interface HeadingScale {
  /** Level from 1, undefined for what is no heading. */
  levelOf: (paragraph: Paragraph, text: string) => number | undefined;
}

export function measureHeadings(paragraphs: readonly Paragraph[]): HeadingScale {
  const body = findBody(paragraphs);
  const sizes = new Set<number>();
  for (const paragraph of paragraphs) {
    const size = sizeOf(paragraph);
    if (isShort(paragraph) && size >= body.size * LARGER) sizes.add(size);
  }
  const ranks = [...sizes].sort((a, b) => b - a).slice(0, MAX_SIZES);
  return {
    levelOf: (paragraph, text) => {
      if (!isShort(paragraph) || !/\p{L}/u.test(text) || CONTENTS.test(text)) return undefined;
      const size = sizeOf(paragraph);
      const rank = size >= body.size * LARGER ? ranks.findIndex((it) => it <= size) : -1;
      const depth = NUMBER.exec(text)?.[1]?.split('.').length;
      if (rank >= 0) return depth && depth > 1 ? Math.max(depth, rank + 1) : rank + 1;
      if (!looksLikeTitle(paragraph, text, body)) return undefined;
      return depth ?? Math.min(6, ranks.length + 1);
    },
  };
}

interface Body {
  size: number;
  font: string;
}

/** The size and the font that most of the text is set in. */
function findBody(paragraphs: readonly Paragraph[]): Body {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  for (const { lines } of paragraphs) {
    for (const { size, font, text } of lines) {
      sizes.set(roundSize(size), (sizes.get(roundSize(size)) ?? 0) + text.length);
      fonts.set(font, (fonts.get(font) ?? 0) + text.length);
    }
  }
  return { size: mostOf(sizes) ?? 10, font: mostOf(fonts) ?? '' };
}

const mostOf = <K>(counts: ReadonlyMap<K, number>): K | undefined =>
  [...counts].reduce<[K, number] | undefined>(
    (a, b) => (a && a[1] >= b[1] ? a : b),
    undefined,
  )?.[0];

const isShort = ({ kind, lines }: Paragraph): boolean =>
  kind !== 'rows' &&
  lines.length <= MAX_LINES &&
  lines.reduce((length, { text }) => length + text.length, 0) <= MAX_LENGTH;

/** Bold headings of the size of the text: alone on a line, in another font, without a full stop. */
function looksLikeTitle({ lines }: Paragraph, text: string, body: Body): boolean {
  const [line] = lines;
  return (
    lines.length === 1 &&
    line !== undefined &&
    line.cells.length === 1 &&
    line.font !== body.font &&
    line.size >= body.size * 0.95 &&
    text.length <= 90 &&
    (!BULLET.test(text) || NUMBER.test(text)) &&
    !/[.,;:!?]$/.test(text) &&
    !CAPTION.test(text)
  );
}

const sizeOf = ({ lines }: Paragraph): number =>
  roundSize(Math.max(...lines.map(({ size }) => size)));

const roundSize = (size: number): number => Math.round(size * 2) / 2;
