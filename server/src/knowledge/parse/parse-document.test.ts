import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  buildZip,
  docxParts,
  pptxParts,
  slideShape,
  wordText,
  xlsxParts,
} from './fixtures/build-office.ts';
import { buildPdf } from './fixtures/build-pdf.ts';
import { readFixture } from './fixtures/read-fixture.ts';
import type { FileFormat } from './media-types.ts';
import { ParseError } from './parse-error.ts';
import { childAnswer } from './parsed-document-schema.ts';

const cell = '<row><c t="inlineStr"><is><t>Cell</t></is></c></row>';
const DOCUMENTS: [FileFormat, Uint8Array][] = [
  ['pdf', buildPdf({ pages: [[{ x: 60, y: 700, text: 'A line of text.' }]], title: 'T' })],
  ['docx', buildZip(docxParts(wordText('A line of text.')))],
  ['xlsx', buildZip(xlsxParts([{ name: 'S', data: cell }]))],
  ['pptx', buildZip(pptxParts([{ shapes: slideShape(['A line of text.']) }]))],
  ['html', Buffer.from('<h1>A</h1><table><tr><td>line</table><ul><li>of<p>text')],
  ['md', Buffer.from('# A\n\n- line\n\n| of | text |\n|---|---|\n| a | b |\n')],
  ['csv', Buffer.from('a,b\n"line ""of""",text\n')],
];

describe('parseDocument', () => {
  it.each(DOCUMENTS)(
    'answers a damaged %s with a document or a clear error, never with another',
    async (format, whole) => {
      const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(
          damage,
          fc.nat(whole.length),
          fc.boolean(),
          async (changes, length, cut) => {
            const bytes = Uint8Array.from(whole);
            for (const [at, byte] of changes) bytes[at] = byte;
            try {
              const document = await readFixture(format, cut ? bytes.subarray(0, length) : bytes);
              expect(childAnswer.safeParse({ document }).success).toBe(true);
            } catch (error) {
              if (!(error instanceof ParseError)) throw error;
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('takes the first heading for a title where the document names none', async () => {
    expect((await readFixture('md', 'Intro.\n\n## The plan\n')).title).toBe('The plan');
  });
});
