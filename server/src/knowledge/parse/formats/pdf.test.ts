import { describe, expect, it } from '@jest/globals';
import { buildPdf, type PdfText } from '../fixtures/build-pdf.ts';
import { outline, readFixture } from '../fixtures/read-fixture.ts';

const page = (...lines: string[]): PdfText[] =>
  lines.map((text, i) => ({ x: 60, y: 700 - i * 12, text }));
const read = (pages: PdfText[][], more = {}) => readFixture('pdf', buildPdf({ pages, ...more }));

const LEFT = 'Offices in the north answered every request in the spring, and costs'.match(
  /.{1,34}(?:\s|$)/g,
)!;

describe('PDF', () => {
  it('refuses a file with a password by that name', async () => {
    await expect(read([page('Secret')], { encrypt: true })).rejects.toThrow('encrypted');
  });

  it('refuses pages without a text layer, and says to run OCR', async () => {
    await expect(read([[], []])).rejects.toThrow(/no_text.*OCR/);
  });

  it('refuses a file that was cut off, instead of reading half of it', async () => {
    const whole = buildPdf({ pages: [page('One'), page('Two')] });
    for (const share of [0.2, 0.5, 0.95]) {
      await expect(readFixture('pdf', whole.subarray(0, whole.length * share))).rejects.toThrow(
        'broken',
      );
    }
  });

  it('refuses what only looks like a PDF', async () => {
    await expect(readFixture('pdf', '%PDF-1.7\nnothing\n%%EOF')).rejects.toThrow('broken');
  });

  it('refuses more pages than allowed', async () => {
    const source = buildPdf({ pages: [page('One'), page('Two'), page('Three')] });
    await expect(readFixture('pdf', source, { pages: 2 })).rejects.toThrow('too_large');
  });

  it('joins lines to paragraphs and mends broken words', async () => {
    const document = await read([
      page('The regula-', 'tion applies to all em-', 'ployees of the Ein- und', 'Ausgang.'),
    ]);
    expect(outline(document)).toEqual([
      'paragraph: The regulation applies to all employees of the Ein- und Ausgang.',
    ]);
  });

  it('finds headings by size and by font, with the box of each block', async () => {
    const document = await read(
      [
        [
          { x: 60, y: 740, size: 20, text: 'Travel policy' },
          { x: 60, y: 700, size: 14, text: 'Flights' },
          ...page('Book early and fly with the cheapest fare that fits the day of travel.').map(
            (it) => ({ ...it, y: 680 }),
          ),
          { x: 60, y: 650, bold: true, text: 'Exceptions' },
          { x: 60, y: 635, text: 'Ask the head of your department before you book anything else.' },
        ],
      ],
      { title: 'Policy 7' },
    );
    expect(document).toMatchObject({ title: 'Policy 7', pages: 1 });
    expect(outline(document)).toEqual([
      'heading1: Travel policy',
      'heading2: Flights',
      'paragraph: Book early and fly with the cheapest fare that fits the day of travel.',
      'heading3: Exceptions',
      'paragraph: Ask the head of your department before you book anything else.',
    ]);
    const [box] = document.blocks[0]!.boxes;
    expect(box).toMatchObject({ page: 1, x: 0.1008 });
    expect(box!.y).toBeCloseTo((842 - 740 - 17) / 842, 2);
    expect(box!.h).toBeCloseTo(22 / 842, 2);
  });

  it('reads two columns one after the other, below a title across both', async () => {
    const column = (x: number, words: string): PdfText[] =>
      Array.from({ length: 10 }, (_, i) => ({
        x,
        y: 700 - i * 12,
        text: `${words} ${i} ${LEFT[0].trim()}`,
      }));
    const title = {
      x: 60,
      y: 760,
      size: 10,
      text: 'A title that runs across the whole of the page, over both of its columns and more',
    };
    const document = await read([[title, ...column(60, 'left'), ...column(320, 'right')]]);
    const text = document.blocks.map((block) => block.text).join(' ');
    expect(text.indexOf('A title')).toBeLessThan(text.indexOf('left 0'));
    expect(text.indexOf('left 9')).toBeLessThan(text.indexOf('right 0'));
  });

  it('reads a table row by row, with the names of its columns', async () => {
    const row = (y: number, ...cells: string[]): PdfText[] =>
      cells.map((text, i) => ({ x: 60 + i * 150, y, text }));
    const document = await read([
      [
        ...row(700, 'Country', 'Rate', 'Days'),
        ...row(686, 'Norway', '80', '3'),
        ...row(672, 'Spain', '62', '4'),
      ],
    ]);
    expect(outline(document)).toEqual([
      'table: Country: Norway; Rate: 80; Days: 3\nCountry: Spain; Rate: 62; Days: 4',
    ]);
  });

  it('drops page numbers and running titles but for the first', async () => {
    const pages = ['One is first.', 'Two is next.', 'Three is last.'].map((text, i) => [
      { x: 60, y: 815, text: 'Handbook 2024' },
      ...page(text),
      { x: 290, y: 30, text: `Page ${i + 1} of 3` },
    ]);
    expect(outline(await read(pages))).toEqual([
      'paragraph: Handbook 2024',
      'paragraph: One is first.',
      'paragraph: Two is next.',
      'paragraph: Three is last.',
    ]);
  });

  it('carries a sentence over to the next page, with a box on each', async () => {
    const document = await read([page('The rule ends'), page('only here.')]);
    expect(outline(document)).toEqual(['paragraph: The rule ends only here.']);
    expect(document.blocks[0]!.boxes.map((box) => box.page)).toEqual([1, 2]);
  });

  it('places text on a page that is shown turned', async () => {
    const document = await read([page('Turned by the viewer')], { rotate: 180 });
    expect(document.blocks[0]!.boxes[0]!.x).toBeLessThanOrEqual(1);
    expect(outline(document)).toEqual(['paragraph: Turned by the viewer']);
  });

  it('gives the same for compressed content', async () => {
    const pages = [page('The same', 'text.')];
    expect(outline(await read(pages, { compress: true }))).toEqual(outline(await read(pages)));
  });
});
