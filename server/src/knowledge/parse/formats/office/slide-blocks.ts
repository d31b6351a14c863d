import type { BlockList } from '../../block-list.ts';
import type { PageBox } from '../../parsed-document.ts';
import { renderTable } from '../../render-table.ts';
import { tidyLine } from '../../tidy-text.ts';
import type { XmlHandler } from '../../read-xml.ts';
import { boxOf, type Extent } from './slide-box.ts';

interface Slide {
  blocks: BlockList;
  /** From 1. */
  page: number;
  /** Size of the slide in the unit of its shapes; 0 when unknown. */
  width: number;
  height: number;
}

interface Shape extends Extent {
  placeholder: string | null;
  lines: string[];
}

const newShape = (): Shape => ({ placeholder: null, lines: [], x: 0, y: 0, w: 0, h: 0 });

/** Turns one slide (PresentationML with DrawingML) into blocks, shape by shape. */
export class SlideBlocks implements XmlHandler {
  /** True for a slide that is left out when the deck is shown; it adds no blocks. */
  isHidden = false;
  readonly #slide: Slide;
  readonly #isNotes: boolean;
  #shape: Shape | undefined;
  #line = '';
  #inText = false;
  #skipped = 0;
  #rows: string[][] | undefined;

  constructor(slide: Slide, isNotes = false) {
    this.#slide = slide;
    this.#isNotes = isNotes;
  }

  /** Reads the speaker's notes of the same slide, which stand in a part of their own. */
  forNotes(): SlideBlocks {
    return new SlideBlocks(this.#slide, true);
  }

  open = (name: string, attributes: Record<string, string>): void => {
    if (name === 'sld' && attributes['show'] === '0') this.isHidden = true;
    if (name === 'Fallback') this.#skipped++;
    if (this.isHidden || this.#skipped > 0) return;
    if (name === 'sp' || name === 'graphicFrame') this.#shape = newShape();
    else if (this.#shape && this.#openPlace(this.#shape, name, attributes)) return;
    else if (name === 'tbl') this.#rows = [];
    else if (name === 'tr') this.#rows?.push([]);
    else if (name === 'tc') this.#rows?.at(-1)?.push('');
    else if (name === 'p') this.#line = '';
    else if (name === 't') this.#inText = true;
    else if (name === 'br') this.#line += ' ';
  };

  #openPlace(shape: Shape, name: string, attributes: Record<string, string>): boolean {
    if (name === 'ph') shape.placeholder = attributes['type'] ?? 'body';
    else if (name === 'off') [shape.x, shape.y] = numbers(attributes, 'x', 'y');
    else if (name === 'ext' && attributes['cx'])
      [shape.w, shape.h] = numbers(attributes, 'cx', 'cy');
    else return false;
    return true;
  }

  text = (text: string): void => {
    if (this.#inText) this.#line += text;
  };

  close = (name: string): void => {
    if (name === 'Fallback') this.#skipped--;
    if (this.isHidden || this.#skipped > 0) return;
    if (name === 't') this.#inText = false;
    else if (name === 'p') this.#closeLine();
    else if (name === 'tbl') this.#closeTable();
    else if (name === 'sp' || name === 'graphicFrame') this.#closeShape();
  };

  #closeLine(): void {
    const row = this.#rows?.at(-1);
    if (row && row.length > 0) row[row.length - 1] = `${row.at(-1) ?? ''} ${this.#line}`;
    else if (this.#line.trim()) this.#shape?.lines.push(tidyLine(this.#line));
    this.#line = '';
  }

  #closeTable(): void {
    const text = renderTable(this.#rows ?? [], true).join('\n');
    this.#slide.blocks.add({ kind: 'table', text, ...this.#place() });
    this.#rows = undefined;
  }

  #closeShape(): void {
    const { lines = [], placeholder = null } = this.#shape ?? {};
    const { blocks } = this.#slide;
    if (this.#isNotes) {
      // The picture of the slide, its number and date stand in the notes as well.
      if (placeholder === 'body')
        blocks.add({ kind: 'paragraph', text: lines.join('\n'), page: this.#slide.page });
    } else if (placeholder === 'title' || placeholder === 'ctrTitle') {
      blocks.add({ kind: 'heading', level: 1, text: lines.join(' '), ...this.#place() });
    } else if (!['sldNum', 'dt', 'ftr', 'hdr'].includes(placeholder ?? '')) {
      const kind = lines.length > 1 ? 'list' : 'paragraph';
      blocks.add({ kind, text: lines.join('\n'), ...this.#place() });
    }
    this.#shape = undefined;
  }

  #place(): { page: number; boxes: PageBox[] } {
    const box = this.#shape && boxOf(this.#shape, this.#slide);
    return { page: this.#slide.page, boxes: box ? [{ page: this.#slide.page, ...box }] : [] };
  }
}

const numbers = (
  attributes: Readonly<Record<string, string>>,
  first: string,
  second: string,
): [number, number] => [Number(attributes[first]), Number(attributes[second])];
