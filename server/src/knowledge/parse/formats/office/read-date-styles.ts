import type { OfficePackage } from './office-package.ts';

// Number formats that every workbook has without naming them (ECMA-376, part 1, 18.8.30).
const BUILT_IN = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** Numbers of the cell styles that show a number as a date or a time. */
export function readDateStyles(book: OfficePackage, part: string | undefined): Set<number> {
  const formats = new Set(BUILT_IN);
  const styles = new Set<number>();
  let [inCells, index] = [false, 0];
  if (!part) return styles;
  book.read(part, {
    open: (name, attributes) => {
      const format = Number(attributes['numFmtId']);
      if (name === 'numFmt' && isDateCode(attributes['formatCode'] ?? '')) formats.add(format);
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      if (formats.has(format)) styles.add(index);
      index++;
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** True for a format code with a part of a date outside quotes, brackets and escapes. */
const isDateCode = (code: string): boolean =>
  /[ymdhs]/i.test(code.slice(0, 500).replace(/"[^"]{0,99}"|\[[^[\]]{0,99}\]|\\./g, ''));
