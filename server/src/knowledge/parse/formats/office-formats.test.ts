import { describe, expect, it } from '@jest/globals';
import {
  buildZip,
  docxParts,
  pptxParts,
  slideShape,
  wordText,
  xlsxParts,
} from '../fixtures/build-office.ts';
import { outline, readFixture } from '../fixtures/read-fixture.ts';

const docx = (body: string, extra = {}) => readFixture('docx', buildZip(docxParts(body, extra)));

describe('office files', () => {
  it('refuses a file cut off in the middle', async () => {
    const whole = buildZip(docxParts(wordText('Text')));
    await expect(readFixture('docx', whole.subarray(0, whole.length / 2))).rejects.toThrow(
      'broken',
    );
  });

  it('refuses XML that declares a document type, so that no entity can expand', async () => {
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>';
    await expect(docx('', { 'word/document.xml': bomb })).rejects.toThrow('broken');
  });

  it('refuses XML that nests too deeply', async () => {
    await expect(docx('<w:p>'.repeat(5_000))).rejects.toThrow('broken');
  });

  it('refuses a package of another kind under its name', async () => {
    const parts = docxParts(wordText('Text'));
    parts['[Content_Types].xml'] =
      '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>';
    await expect(readFixture('docx', buildZip(parts))).rejects.toThrow('wrong_type');
  });

  it('refuses a document with macros', async () => {
    const parts = docxParts(wordText('Text'));
    parts['[Content_Types].xml'] =
      '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>';
    await expect(readFixture('docx', buildZip(parts))).rejects.toThrow('macros');
  });

  it('refuses a document without text as empty', async () => {
    await expect(docx('<w:p/>')).rejects.toThrow('empty');
  });
});

describe('Word', () => {
  it('leaves out hidden, deleted and moved text, and text boxes given twice', async () => {
    const body =
      '<w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>' +
      '<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>' +
      '<mc:AlternateContent><mc:Fallback><w:r><w:t>twice</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>';
    expect(outline(await docx(body))).toEqual(['paragraph: seen']);
  });

  it('finds headings by translated styles, lists, tables, notes and the title', async () => {
    const row = (...cells: string[]): string =>
      `<w:tr>${cells.map((cell) => `<w:tc>${wordText(cell)}</w:tc>`).join('')}</w:tr>`;
    const document = await docx(
      wordText('Rules', '<w:pStyle w:val="berschrift1"/>') +
        wordText('Part', '<w:pStyle w:val="berschrift2"/>') +
        wordText('Text &amp; more.') +
        wordText('one', '<w:numPr/>') +
        wordText('two', '<w:numPr/>') +
        `<w:tbl>${row('K', 'V')}${row('x', '1')}</w:tbl>`,
      {
        'word/footnotes.xml': `<w:footnotes>${wordText('A note.')}</w:footnotes>`,
        'docProps/core.xml':
          '<cp:coreProperties><dc:title>Die Regeln</dc:title></cp:coreProperties>',
      },
    );
    expect(document.title).toBe('Die Regeln');
    expect(outline(document)).toEqual([
      'heading1: Rules',
      'heading2: Part',
      'paragraph: Text & more.',
      'list: one\ntwo',
      'table: K: x; V: 1',
      'paragraph: A note.',
    ]);
  });
});

describe('Excel', () => {
  it('leaves out hidden sheets and takes a formula by its result', async () => {
    const sheets = [
      { name: 'Fees', data: '<row><c r="A1"><f>SUM(1,2)</f><v>3</v></c></row>' },
      { name: 'Secret', state: 'veryHidden', data: '<row><c><v>4</v></c></row>' },
    ];
    expect(outline(await readFixture('xlsx', buildZip(xlsxParts(sheets))))).toEqual([
      'heading1: Fees',
      'table: 3',
    ]);
  });

  it('refuses a column that no sheet can have', async () => {
    const sheets = [{ name: 'S', data: '<row><c r="ZZZ1"><v>1</v></c></row>' }];
    await expect(readFixture('xlsx', buildZip(xlsxParts(sheets)))).rejects.toThrow('broken');
  });

  it('names the columns in every row, shows dates, and passes over gaps', async () => {
    const data =
      '<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>Sum</t></is></c></row>' +
      '<row><c r="A2" t="s"><v>2</v></c><c r="C2"><v>0.30000000000000004</v></c></row>' +
      '<row><c r="B3" s="1"><v>45292</v></c><c r="C3" t="b"><v>1</v></c></row>';
    const book = xlsxParts([{ name: 'Fees', data }], ['Who', 'When', 'Ada &amp; Bo']);
    expect(outline(await readFixture('xlsx', buildZip(book)))).toEqual([
      'heading1: Fees',
      'table: Who: Ada & Bo; Sum: 0.3\nWhen: 2024-01-01; Sum: TRUE',
    ]);
  });
});

describe('PowerPoint', () => {
  it('leaves out hidden slides with their notes', async () => {
    const deck = pptxParts([
      { shapes: slideShape(['Seen']) },
      { shapes: slideShape(['Hidden']), notes: 'Secret', hidden: true },
    ]);
    expect(outline(await readFixture('pptx', buildZip(deck)))).toEqual(['paragraph: Seen']);
  });

  it('reads titles, texts and notes in order, with their place on the slide', async () => {
    const deck = pptxParts([
      {
        shapes:
          slideShape(['Plan'], 'title') + slideShape(['one', 'two']) + slideShape(['7'], 'sldNum'),
        notes: 'Say this.',
      },
    ]);
    const document = await readFixture('pptx', buildZip(deck));
    expect(outline(document)).toEqual(['heading1: Plan', 'list: one\ntwo', 'paragraph: Say this.']);
    expect(document.pages).toBe(1);
    expect(document.blocks[0]?.boxes).toEqual([{ page: 1, x: 0.1, y: 0.1, w: 0.5, h: 0.5 }]);
    expect(document.blocks[2]).toMatchObject({ page: 1, boxes: [] });
  });
});
