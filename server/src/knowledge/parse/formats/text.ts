import { decodeText } from '../decode-text.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';

const BULLET = /^\s*([-*•–·]|\(?\d{1,3}[.)]|[a-z][.)])\s+\S/;
const NUMBERED = /^(?:chapter |kapitel |kapittel |§ ?)?(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\p{Lu}/iu;
const UNDERLINE = /^\s*(={3,}|-{3,}|~{3,})\s*$/;
const HEADING_LENGTH = 90;

/** Plain text: paragraphs between empty lines; headings by underline, number or capitals. */
export function readText({ bytes, blocks }: ReadInput): ReadOutcome {
  const text = decodeText(bytes).replace(/\r\n?/g, '\n').replace(/\f/g, '\n\n');
  for (const lines of paragraphsOf(text)) {
    const level = findHeadingLevel(lines);
    if (level !== undefined) {
      blocks.add({ kind: 'heading', level, text: lines[0] ?? '' });
      const rest = lines.slice(UNDERLINE.test(lines[1] ?? '') ? 2 : 1);
      if (rest.length > 0) blocks.add({ kind: 'paragraph', text: rest.join('\n') });
    } else if (BULLET.test(lines[0] ?? '')) {
      blocks.add({ kind: 'list', text: joinItems(lines) });
    } else {
      blocks.add({ kind: 'paragraph', text: lines.join('\n') });
    }
  }
  return { title: null, pages: null };
}

function* paragraphsOf(text: string): Generator<string[]> {
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() !== '') {
      lines.push(line);
    } else if (lines.length > 0) {
      yield lines;
      lines = [];
    }
  }
  if (lines.length > 0) yield lines;
}

function findHeadingLevel([first = '', second]: string[]): number | undefined {
  const line = first.trim();
  if (line.length > HEADING_LENGTH) return undefined;
  const underline = UNDERLINE.exec(second ?? '')?.[1];
  if (underline) return underline.startsWith('=') ? 1 : 2;
  if (second !== undefined || /[.,;:!?]$/.test(line)) return undefined;
  const number = NUMBERED.exec(line)?.[1];
  if (number) return number.split('.').length;
  const letters = line.replace(/[^\p{L}]/gu, '');
  return letters.length > 3 &&
    letters === letters.toUpperCase() &&
    letters !== letters.toLowerCase()
    ? 1
    : undefined;
}

/** Puts the wrapped lines of an item back on one line. */
function joinItems(lines: readonly string[]): string {
  return lines.reduce((text, line) => `${text}${BULLET.test(line) ? '\n' : ' '}${line.trim()}`, '');
}
