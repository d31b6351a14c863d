import { fstatSync, readSync, writeSync } from 'node:fs';
import type { FormatReader } from '../formats/format-reader.ts';
import type { FileFormat } from '../media-types.ts';
import { parseDocument } from '../parse-document.ts';
import { ParseError } from '../parse-error.ts';
import type { ParseLimits } from '../parse-limits.ts';
import type { ChildAnswer } from '../parsed-document-schema.ts';
import { sealProcess } from './seal-process.ts';

const STDIN = 0;
const STDOUT = 1;

/**
 * The whole life of the child: load the code of one format, seal the process, and only then look at
 * the document. Arguments are `<format> <limits as JSON>`, both written by the parent.
 */
export async function answerOnce(
  load: (format: FileFormat) => Promise<FormatReader>,
): Promise<void> {
  const [format, limits] = process.argv.slice(2);
  const read = await load(format as FileFormat);
  sealProcess();
  writeAll(JSON.stringify(await answer(read, JSON.parse(limits ?? '{}') as ParseLimits)));
}

async function answer(read: FormatReader, limits: ParseLimits): Promise<ChildAnswer> {
  try {
    return { document: await parseDocument(read, readDocument(limits.fileBytes), limits) };
  } catch (error) {
    const { code, detail } = error instanceof ParseError ? error : new ParseError('broken');
    return { error: { code, detail } };
  }
}

/** Standard input is the document itself, opened for reading by the parent; there is no path. */
function readDocument(maxBytes: number): Uint8Array {
  const stat = fstatSync(STDIN);
  if (!stat.isFile()) return readPipe(maxBytes);
  const { size } = stat;
  if (size > maxBytes) throw new ParseError('too_large');
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const count = readSync(STDIN, bytes, { offset: at, position: at });
    if (count === 0) break;
    at += count;
  }
  return bytes.subarray(0, at);
}

/** What came in the clear out of an encrypted file. */
function readPipe(maxBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = new Uint8Array(64 * 1024);
    const count = readSync(STDIN, part);
    if (count === 0) break;
    size += count;
    if (size > maxBytes) throw new ParseError('too_large');
    parts.push(part.subarray(0, count));
  }
  return Buffer.concat(parts, size);
}

function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) at += writeSync(STDOUT, bytes, at);
}
