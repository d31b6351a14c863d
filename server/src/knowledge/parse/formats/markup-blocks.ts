import type { BlockList } from '../block-list.ts';
import type { BlockKind } from '../parsed-document.ts';
import { renderTable } from '../render-table.ts';
import { tidyLine } from '../tidy-text.ts';

const HEADING = /^h([1-6])$/;
// Elements that end the line of text before them and after them.
const BREAKS = new Set(
  'address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form header hr html li main ol p section summary ul pre table'.split(
    ' ',
  ),
);

interface Table {
  rows: string[][];
  hasHeader: boolean;
  /** Text of the cell around it, read so far. */
  before: string;
}

/** Turns the events of a page into blocks; text outside any element of a block is a paragraph. */
export class MarkupBlocks {
  readonly #blocks: BlockList;
  #text = '';
  #title: string | null = null;
  #heading: number | undefined;
  #lists = 0;
  #items: string[] = [];
  #code = 0;
  #tables: Table[] = [];

  constructor(blocks: BlockList) {
    this.#blocks = blocks;
  }

  open(name: string): void {
    const level = HEADING.exec(name)?.[1];
    if (level || name === 'title' || name === 'table' || BREAKS.has(name)) this.#flush();
    if (level) this.#heading = Number(level);
    if (name === 'pre') this.#code++;
    if (name === 'ul' || name === 'ol') this.#lists++;
    if (name === 'table') this.#tables.push({ rows: [], hasHeader: false, before: this.#take() });
    this.#openCell(name);
  }

  text(text: string): void {
    this.#text += text;
  }

  void(name: string): void {
    if (name === 'br') this.#text += '\n';
    else if (name === 'hr') this.#flush();
  }

  close(name: string): void {
    if (name === 'title') {
      this.#title ??= this.#take();
      return;
    }
    if (name === 'td' || name === 'th') this.#closeCell();
    if (name === 'caption') this.#blocks.add({ kind: 'paragraph', text: this.#take() });
    if (name === 'table') this.#closeTable();
    if (HEADING.test(name) || BREAKS.has(name)) this.#flush();
    if (HEADING.test(name)) this.#heading = undefined;
    if (name === 'pre') this.#code = Math.max(0, this.#code - 1);
    if (name === 'ul' || name === 'ol') this.#closeList();
  }

  finish(): string | null {
    this.#flush();
    this.#lists = 1;
    this.#closeList();
    return this.#title;
  }

  #openCell(name: string): void {
    const table = this.#tables.at(-1);
    if (!table) return;
    if (name === 'tr') table.rows.push([]);
    // A row of th alone is a header; th beside td names the row.
    if (name === 'th' && table.rows.length === 1) table.hasHeader = true;
    if (name === 'td' && table.rows.length === 1) table.hasHeader = false;
    if (name === 'td' || name === 'th') this.#text = '';
  }

  #closeCell(): void {
    this.#tables.at(-1)?.rows.at(-1)?.push(this.#take());
  }

  #closeTable(): void {
    const table = this.#tables.pop();
    if (!table) return;
    const text = renderTable(table.rows, table.hasHeader).join('\n');
    // A table inside a cell becomes text of that cell.
    if (this.#tables.length > 0) this.#text = `${table.before} ${text.replaceAll('\n', '; ')}`;
    else this.#blocks.add({ kind: 'table', text });
  }

  #closeList(): void {
    this.#lists = Math.max(0, this.#lists - 1);
    if (this.#lists > 0 || this.#items.length === 0) return;
    this.#blocks.add({ kind: 'list', text: this.#items.join('\n') });
    this.#items = [];
  }

  /** Ends a line of text: inside a cell it goes on, inside a list it is an item. */
  #flush(): void {
    if (this.#tables.length > 0) {
      this.#text += ' ';
      return;
    }
    const text = this.#take();
    if (text.trim() === '') return;
    const kind: BlockKind = this.#code > 0 ? 'code' : this.#heading ? 'heading' : 'paragraph';
    if (this.#lists > 0 && kind === 'paragraph') {
      this.#items.push(tidyLine(text));
    } else {
      this.#blocks.add({ kind, text, ...(this.#heading && { level: this.#heading }) });
    }
  }

  #take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
