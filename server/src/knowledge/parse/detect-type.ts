import { findCharset, looksBinary } from './decode-text.ts';
import { findSignature } from './file-signature.ts';
import { findClaimedFormat, MEDIA_TYPES, type FileFormat, type MediaType } from './media-types.ts';
import { ParseError } from './parse-error.ts';

/** The two ends of a file: the first 64 KiB and the last 1 MiB, or less where the file is shorter. */
export interface FileSample {
  head: Uint8Array;
  tail: Uint8Array;
}

// The part that makes an archive the document it claims to be (ECMA-376, part 2).
const MAIN_PARTS = {
  docx: 'word/document.xml',
  xlsx: 'xl/workbook.xml',
  pptx: 'ppt/presentation.xml',
} as const;

/**
 * The media type of an upload, from its content; the name's ending must agree.
 *
 * @param name the sanitised file name
 * @throws ParseError unsupported, empty, encrypted or wrong_type, with a detail that can be shown
 */
export function detectType(name: string, { head, tail }: FileSample): MediaType {
  const claimed = findClaimedFormat(name);
  if (!claimed) throw new ParseError('unsupported');
  if (head.length === 0) throw new ParseError('empty', 'The file is empty. Upload one with text.');
  if (claimed === 'pdf') checkPdf(head);
  else if (isOffice(claimed)) checkOffice(claimed, head, tail);
  else checkText(claimed, head);
  return MEDIA_TYPES[claimed];
}

type OfficeFormat = keyof typeof MAIN_PARTS;

const isOffice = (format: FileFormat): format is OfficeFormat => Object.hasOwn(MAIN_PARTS, format);

function checkPdf(head: Uint8Array): void {
  // Readers take a header anywhere in the first 1,024 bytes (ISO 32000-1, annex H).
  if (!Buffer.from(head.subarray(0, 1024)).includes('%PDF-')) throw mismatch('pdf', head);
}

function checkOffice(format: OfficeFormat, head: Uint8Array, tail: Uint8Array): void {
  const signature = findSignature(head);
  if (signature === 'ole') {
    // Office wraps a document with a password in its older container.
    const wrapped = Buffer.from('EncryptedPackage', 'utf16le');
    if ([head, tail].some((part) => Buffer.from(part).includes(wrapped))) {
      throw new ParseError('encrypted');
    }
    throw new ParseError(
      'wrong_type',
      `This is a file of an older Office. Save it as ${format} and upload that.`,
    );
  }
  if (signature !== 'zip') throw mismatch(format, head);
  const names = Buffer.from(tail);
  if (names.includes(MAIN_PARTS[format])) return;
  const actual = Object.entries(MAIN_PARTS).find(([, part]) => names.includes(part))?.[0];
  throw new ParseError(
    'wrong_type',
    actual
      ? `The name says ${format}, the content is ${actual}. Rename the file to .${actual}.`
      : `The name says ${format}, the content is another archive. Save the document as ${format}.`,
  );
}

function checkText(format: FileFormat, head: Uint8Array): void {
  const text = new TextDecoder(findCharset(head) ?? 'windows-1252').decode(head);
  if (findSignature(head) !== 'none' || looksBinary(text)) throw mismatch(format, head);
}

function mismatch(format: FileFormat, head: Uint8Array): ParseError {
  const signature = findSignature(head);
  const actual = signature === 'none' ? 'something else' : `of type ${signature}`;
  return new ParseError(
    'wrong_type',
    `The name says ${format}, the content is ${actual}. Save the document as ${format}, or give it the ending that fits.`,
  );
}
