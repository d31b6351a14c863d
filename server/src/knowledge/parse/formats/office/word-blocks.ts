import type { BlockList } from '../../block-list.ts';
import { renderTable } from '../../render-table.ts';
import { tidyLine } from '../../tidy-text.ts';
import type { XmlHandler } from '../../read-xml.ts';
import type { WordStyle } from './read-styles.ts';

interface Paragraph {
  text: string;
  style: WordStyle;
}

interface Table {
  rows: string[][];
  hasHeader: boolean;
}

// Where the same text stands a second time, or was taken out by an editor.
const SKIPPED = new Set(['Fallback', 'moveFrom', 'del']);

/** Turns the body of a Word document (WordprocessingML) into blocks. */
export class WordBlocks implements XmlHandler {
  readonly #blocks: BlockList;
  readonly #styles: ReadonlyMap<string, WordStyle>;
  // Paragraphs stand inside each other where a text box hangs on one.
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: Table[] = [];
  #items: string[] = [];
  #skipped = 0;
  #inRun = false;
  #inText = false;
  #hidden = false;

  constructor(blocks: BlockList, styles: ReadonlyMap<string, WordStyle>) {
    this.#blocks = blocks;
    this.#styles = styles;
  }

  open = (name: string, attributes: Record<string, string>): void => {
    if (SKIPPED.has(name)) this.#skipped++;
    if (this.#skipped > 0) return;
    const value = attributes['w:val'];
    if (name === 'p') this.#paragraphs.push({ text: '', style: {} });
    else if (name === 'r') [this.#inRun, this.#hidden] = [true, false];
    else if (name === 't') this.#inText = true;
    else if (name === 'tab') this.#write(' ');
    else if (name === 'br' || name === 'cr') this.#write('\n');
    else if (name === 'noBreakHyphen') this.#write('-');
    else if (name === 'vanish') this.#hidden = this.#inRun && !isOff(value);
    else this.#openProperty(name, value);
  };

  text = (text: string): void => {
    if (this.#inText) this.#write(text);
  };

  close = (name: string): void => {
    if (SKIPPED.has(name)) this.#skipped--;
    if (this.#skipped > 0) return;
    if (name === 't') this.#inText = false;
    else if (name === 'r') this.#inRun = false;
    else if (name === 'p') this.#closeParagraph();
    else if (name === 'tbl') this.#closeTable();
    else if (name === 'body' || name === 'footnotes' || name === 'endnotes') this.#closeList();
  };

  #openProperty(name: string, value: string | undefined): void {
    const table = this.#tables.at(-1);
    const style = this.#paragraphs.at(-1)?.style;
    if (name === 'tbl') this.#tables.push({ rows: [], hasHeader: false });
    else if (name === 'tr') table?.rows.push([]);
    else if (name === 'tc') table?.rows.at(-1)?.push('');
    else if (name === 'tblHeader' && table) table.hasHeader = !isOff(value);
    else if (style) this.#openStyle(style, name, value);
  }

  #openStyle(style: WordStyle, name: string, value = ''): void {
    if (name === 'pStyle') Object.assign(style, this.#styles.get(value));
    else if (name === 'outlineLvl' && /^[0-8]$/.test(value)) style.headingLevel = Number(value) + 1;
    else if (name === 'numPr') style.isList = true;
  }

  #write(text: string): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph && this.#inRun && !this.#hidden) paragraph.text += text;
  }

  #closeParagraph(): void {
    const { text = '', style = {} } = this.#paragraphs.pop() ?? {};
    const row = this.#tables.at(-1)?.rows.at(-1);
    if (row && row.length > 0) {
      row[row.length - 1] = `${row.at(-1) ?? ''} ${text}`;
    } else if (style.headingLevel) {
      this.#closeList();
      this.#blocks.add({ kind: 'heading', level: style.headingLevel, text });
    } else if (style.isList) {
      if (text.trim()) this.#items.push(tidyLine(text));
    } else {
      this.#closeList();
      this.#blocks.add({ kind: 'paragraph', text });
    }
  }

  #closeTable(): void {
    const table = this.#tables.pop();
    if (!table) return;
    // Word marks a header row only when it repeats on every page; the first row names the columns.
    const wide = (table.rows[0]?.filter((cell) => cell.trim()).length ?? 0) > 1;
    const text = renderTable(table.rows, table.hasHeader || wide).join('\n');
    const outer = this.#tables.at(-1)?.rows.at(-1);
    if (outer && outer.length > 0) {
      outer[outer.length - 1] = `${outer.at(-1) ?? ''} ${text.replaceAll('\n', '; ')}`;
    } else {
      this.#closeList();
      this.#blocks.add({ kind: 'table', text });
    }
  }

  #closeList(): void {
    this.#blocks.add({ kind: 'list', text: this.#items.join('\n') });
    this.#items = [];
  }
}

const isOff = (value: string | undefined): boolean =>
  value === '0' || value === 'false' || value === 'off';
