import { renderTable } from '../render-table.ts';
import { addRows } from './add-rows.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { openPackage, type OfficePackage } from './office/office-package.ts';
import { readDateStyles } from './office/read-date-styles.ts';
import { readSharedStrings } from './office/read-shared-strings.ts';
import { readSheet } from './office/read-sheet.ts';

/** Excel: each visible sheet a heading and its rows; formulas by their last result. */
export function readXlsx({ bytes, blocks, limits }: ReadInput): ReadOutcome {
  const book = openPackage(bytes, 'spreadsheetml.sheet.main', limits);
  const relations = book.relations(book.main);
  const find = (type: string): string | undefined =>
    [...relations.values()].find((relation) => relation.type === type)?.path;
  const { sheets, epoch1904 } = readWorkbook(book);
  const context = {
    strings: readSharedStrings(book, find('sharedStrings'), limits.textLength),
    dateStyles: readDateStyles(book, find('styles')),
    epoch1904,
    // What a reader holds in memory for one sheet.
    textLength: limits.textLength,
  };
  for (const { name, id } of sheets) {
    const part = relations.get(id)?.path;
    const { rows, hasHeader } = part
      ? readSheet(book, part, context)
      : { rows: [], hasHeader: false };
    if (rows.length === 0) continue;
    blocks.add({ kind: 'heading', level: 1, text: name });
    addRows(blocks, renderTable(rows, hasHeader));
  }
  return { title: book.title, pages: null };
}

interface Workbook {
  sheets: { name: string; id: string }[];
  epoch1904: boolean;
}

function readWorkbook(book: OfficePackage): Workbook {
  const workbook: Workbook = { sheets: [], epoch1904: false };
  book.read(book.main, {
    open: (name, attributes) => {
      if (name === 'workbookPr')
        workbook.epoch1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return;
      workbook.sheets.push({ name: attributes['name'] ?? '', id: attributes['r:id'] ?? '' });
    },
  });
  return workbook;
}
