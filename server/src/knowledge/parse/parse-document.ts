import { BlockList } from './block-list.ts';
import { detectLanguage } from './detect-language.ts';
import type { FormatReader } from './formats/format-reader.ts';
import { ParseError } from './parse-error.ts';
import type { ParseLimits } from './parse-limits.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { tidyLine } from './tidy-text.ts';

const TITLE_LENGTH = 300;

/**
 * Reads one document in this process. Only the sandboxed child calls it: everything else goes
 * through `parseInChild`.
 *
 * @throws ParseError whatever is wrong with the document
 */
export async function parseDocument(
  read: FormatReader,
  bytes: Uint8Array,
  limits: ParseLimits,
): Promise<ParsedDocument> {
  if (bytes.length === 0) throw new ParseError('empty', 'The file is empty. Upload one with text.');
  if (bytes.length > limits.fileBytes) throw new ParseError('too_large');
  const list = new BlockList(limits);
  const { title, pages } = await attempt(() => read({ bytes, blocks: list, limits }));
  if (list.blocks.length === 0) throw new ParseError('empty');
  const heading = list.blocks.slice(0, 20).find(({ kind }) => kind === 'heading')?.text;
  return {
    language: detectLanguage(list.blocks),
    title:
      tidyLine(title ?? '').slice(0, TITLE_LENGTH) || (heading?.slice(0, TITLE_LENGTH) ?? null),
    pages,
    blocks: list.blocks,
  };
}

/** Whatever a library throws means that it could not make sense of the document. */
async function attempt<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof ParseError ? cause : new ParseError('broken', undefined, { cause });
  }
}
