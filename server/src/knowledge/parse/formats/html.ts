import { decodeText } from '../decode-text.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';
import { readMarkup } from './read-markup.ts';

/** A web page: what a reader would see of it, nothing that runs, nothing that is fetched. */
export function readHtml({ bytes, blocks, limits }: ReadInput): ReadOutcome {
  const declared = /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})/i.exec(
    Buffer.from(bytes.subarray(0, 4096)).toString('latin1'),
  )?.[1];
  const title = readMarkup(decodeText(bytes, declared), blocks, limits.depth * 2);
  return { title, pages: null };
}
