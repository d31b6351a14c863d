import type { BlockList, FoundBlock } from '../../block-list.ts';
import { renderTable } from '../../render-table.ts';
import { boxesOf } from './boxes-of.ts';
import { measureHeadings } from './heading-scale.ts';
import { joinText } from './join-text.ts';
import type { Paragraph } from './join-paragraphs.ts';

/** Turns the paragraphs of a PDF into blocks; the items of one list become one block. */
export function addBlocks(paragraphs: readonly Paragraph[], blocks: BlockList): void {
  const { levelOf } = measureHeadings(paragraphs);
  let list: FoundBlock | undefined;
  const closeList = (): void => {
    if (list) blocks.add(list);
    list = undefined;
  };
  for (const paragraph of paragraphs) {
    const text = joinText(paragraph.lines);
    const boxes = boxesOf(paragraph.lines);
    const level = levelOf(paragraph, text);
    if (level === undefined && paragraph.kind === 'item') {
      list ??= { kind: 'list', text: '', boxes: [] };
      list.text += `\n${text}`;
      list.boxes?.push(...boxes);
      continue;
    }
    closeList();
    if (paragraph.kind === 'rows') blocks.add({ kind: 'table', text: rowsOf(paragraph), boxes });
    else if (level === undefined) blocks.add({ kind: 'paragraph', text, boxes });
    else blocks.add({ kind: 'heading', level, text, boxes });
  }
  closeList();
}

/** A first row that fills every column with words names the columns. */
function rowsOf({ lines }: Paragraph): string {
  const rows = lines.map(({ cells }) => cells.map(({ text }) => text));
  const columns = Math.max(...rows.map((row) => row.length));
  const first = rows[0] ?? [];
  const regular = rows.every((row) => row.length === columns);
  const named = first.every((cell) => /\p{L}/u.test(cell) && cell.length < 60);
  const numbers = rows
    .slice(1)
    .some((row) => row.some((cell) => /^[-+$€£]?[\d.,\s%]+$/.test(cell)));
  return renderTable(rows, regular && named && numbers).join('\n');
}
