import { describe, expect, it } from '@jest/globals';
import { detectType } from './detect-type.ts';
import { buildPdf } from './fixtures/build-pdf.ts';
import { buildZip, docxParts, pptxParts, xlsxParts } from './fixtures/build-office.ts';
import { MEDIA_TYPES } from './media-types.ts';
import { ParseError } from './parse-error.ts';

const detect = (name: string, content: string | Uint8Array): string => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return detectType(name, { head: bytes.subarray(0, 65_536), tail: bytes });
};

const refusal = (name: string, content: string | Uint8Array): ParseError => {
  try {
    detect(name, content);
  } catch (error) {
    if (error instanceof ParseError) return error;
  }
  throw new Error(`${name} was not refused`);
};

const docx = buildZip(docxParts('<w:p/>'));
const pdf = buildPdf({ pages: [[]] });
const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);

describe('INP-04: detectType', () => {
  it.each(['page.php', 'run.exe', 'macro.docm', 'picture.svg', 'noending', 'a.txt.js', 'pdf'])(
    'refuses the ending of %p, whatever the content',
    (name) => expect(refusal(name, 'Just text').code).toBe('unsupported'),
  );

  it.each<[string, string | Uint8Array]>([
    ['a.txt', pdf],
    ['a.html', pdf],
    ['a.csv', docx],
    ['a.md', Buffer.from('89504e470d0a1a0a0000', 'hex')],
    ['a.txt', '{\\rtf1 text}'],
    ['a.txt', Buffer.from([1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3])],
    ['a.pdf', 'Just text'],
    ['a.pdf', docx],
    ['a.docx', pdf],
    ['a.docx', 'Just text'],
    ['a.xlsx', docx],
    ['a.pptx', buildZip({ 'readme.txt': 'x' })],
    ['a.docx', ole],
  ])('refuses a wrong type under the right name %p', (name, content) => {
    expect(refusal(name, content)).toMatchObject({ code: 'wrong_type' });
  });

  it('says what the content is, and the mend', () => {
    expect(refusal('a.xlsx', docx).detail).toBe(
      'The name says xlsx, the content is docx. Rename the file to .docx.',
    );
  });

  it('refuses a document with a password by that name', () => {
    const wrapped = Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]);
    expect(refusal('a.docx', wrapped).code).toBe('encrypted');
  });

  it('refuses an empty file by that name', () => {
    expect(refusal('a.txt', '').code).toBe('empty');
  });

  it.each<[keyof typeof MEDIA_TYPES, string, string | Uint8Array]>([
    ['txt', 'a.txt', 'Plain text'],
    ['txt', 'a.txt', Buffer.from('Grüße aus Østfold', 'latin1')],
    ['txt', 'a.txt', Buffer.from('\ufeffwide text', 'utf16le')],
    ['txt', 'a.txt', 'Scanners write %PDF-1.7 at the top'],
    ['md', 'README.MD', '# Title'],
    ['html', 'a.htm', '<p>Text</p>'],
    ['csv', 'a.csv', 'a;b\n1;2'],
    ['pdf', 'a.pdf', pdf],
    ['docx', 'a.docx', docx],
    ['xlsx', 'a.xlsx', buildZip(xlsxParts([]))],
    ['pptx', 'a.pptx', buildZip(pptxParts([]))],
  ])('takes %s from %p', (format, name, content) => {
    expect(detect(name, content)).toBe(MEDIA_TYPES[format]);
  });

  it('takes text whose sample ends inside a character', () => {
    const long = Buffer.from('ø'.repeat(40_000)).subarray(0, 65_535);
    expect(detect('a.txt', long)).toBe('text/plain');
  });
});
