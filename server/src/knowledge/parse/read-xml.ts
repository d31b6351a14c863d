import { SaxesParser } from 'saxes';
import { ParseError } from './parse-error.ts';

/** What to do at each event. Names of elements come without prefix, those of attributes as written. */
export interface XmlHandler {
  open?: (name: string, attributes: Record<string, string>) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}

const SLICE_BYTES = 64 * 1024;

/**
 * Reads a part of an office file as events. A document type declaration is refused, so there are no
 * entities to expand or to fetch.
 *
 * @throws ParseError broken
 */
export function readXml(bytes: Uint8Array, handler: XmlHandler, maxDepth: number): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  parser.on('doctype', () => fail());
  parser.on('error', (cause) => fail(cause));
  parser.on('opentag', ({ name, attributes }) => {
    if (++depth > maxDepth) fail();
    handler.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth--;
    handler.close?.(localName(name));
  });
  if (handler.text) {
    parser.on('text', handler.text);
    parser.on('cdata', handler.text);
  }
  feed(bytes, parser);
}

function feed(bytes: Uint8Array, parser: SaxesParser): void {
  const decoder = new TextDecoder(charsetOf(bytes));
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    parser.write(decoder.decode(bytes.subarray(at, at + SLICE_BYTES), { stream: true }));
  }
  parser.write(decoder.decode()).close();
}

const charsetOf = ([first, second]: Uint8Array): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function fail(cause?: Error): never {
  throw new ParseError('broken', undefined, { cause });
}
