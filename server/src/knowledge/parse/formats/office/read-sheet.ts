import { ParseError } from '../../parse-error.ts';
import type { OfficePackage } from './office-package.ts';
import { formatDate } from './format-date.ts';

/** What the cells of a sheet refer to. */
export interface SheetContext {
  strings: readonly string[];
  dateStyles: ReadonlySet<number>;
  epoch1904: boolean;
  textLength: number;
}

export interface Sheet {
  rows: string[][];
  /** True when the first row names the columns: texts only, with rows below it. */
  hasHeader: boolean;
}

const MAX_COLUMNS = 16_384;

interface Cell {
  type: string;
  style: number;
  column: number;
  value: string;
}

/** Reads the values of one sheet. Empty rows are dropped, formulas stay unread. */
export function readSheet(book: OfficePackage, part: string, context: SheetContext): Sheet {
  const rows: string[][] = [];
  let [row, texts, length, inValue] = [[] as string[], 0, 0, false];
  let cell: Cell | undefined;
  let hasHeader = false;
  const closeRow = (): void => {
    if (!row.some((value) => value.trim())) return;
    if (rows.push(row) === 1) hasHeader = texts > 1 && texts === row.filter(Boolean).length;
  };
  book.read(part, {
    open: (name, attributes) => {
      if (name === 'row') [row, texts] = [[], 0];
      if (name === 'c') cell = openCell(attributes, row.length);
      inValue = name === 'v' || name === 't';
    },
    text: (text) => {
      if (inValue && cell) cell.value += text;
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      if (name === 'row') closeRow();
      if (name !== 'c' || !cell) return;
      const value = showValue(cell, context);
      length += value.length;
      if (length > context.textLength) throw new ParseError('too_large');
      while (row.length < cell.column) row.push('');
      row[cell.column] = value;
      if (value && ['s', 'inlineStr', 'str'].includes(cell.type)) texts++;
      cell = undefined;
    },
  });
  return { rows, hasHeader: hasHeader && rows.length > 1 };
}

function openCell({ r, t, s }: Record<string, string>, next: number): Cell {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(r ?? '')?.[0] ?? '') {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  const place = column === 0 ? next : column - 1;
  if (place >= MAX_COLUMNS) throw new ParseError('broken');
  return { type: t ?? 'n', style: Number(s ?? 0), column: place, value: '' };
}

function showValue({ type, value, style }: Cell, context: SheetContext): string {
  if (type === 's') return context.strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n' || value === '') return value;
  if (context.dateStyles.has(style)) return formatDate(Number(value), context.epoch1904);
  // Binary fractions: 0.1 + 0.2 is stored as 0.30000000000000004, and shown as 0.3.
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(15))) : value;
}
