import { ParseError } from '../../parse-error.ts';
import type { OfficePackage } from './office-package.ts';

/** The texts of a workbook, which its cells name by number; phonetic readings left out. */
export function readSharedStrings(
  book: OfficePackage,
  part: string | undefined,
  maxLength: number,
): string[] {
  const strings: string[] = [];
  let [text, inText, phonetic, length] = ['', false, false, 0];
  if (!part) return strings;
  book.read(part, {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    text: (piece) => {
      if (!inText) return;
      text += piece;
      length += piece.length;
      if (length > maxLength) throw new ParseError('too_large');
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') strings.push(text);
    },
  });
  return strings;
}
