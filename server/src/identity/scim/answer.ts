import type { Io } from '../../platform/index.ts';
import { AppError } from '../../platform/index.ts';
import type { z } from 'zod';
import { isObject, type Json } from './match-filter.ts';
import { versionTag } from './present.ts';
import { chooseAttributes, type oneQuery } from './query-resources.ts';
import { scimError } from './scim-error.ts';

const MEDIA_TYPE = 'application/scim+json';
const MOST_BYTES = 2_000_000;
const WITHIN_MS = 30_000;

export type Answer = { status?: 200 | 201 | 204; body?: Json; headers?: Record<string, string> };

/** Writes what RFC 7644 has as the answer. */
export function send({ response }: Io, { status = 200, body, headers = {} }: Answer): void {
  response.setHeader('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.status(status);
  if (body === undefined) response.end();
  else response.type(MEDIA_TYPE).send(JSON.stringify(body));
}

/** What is sent of one resource: all of it, and which of its attributes were asked for. */
export type Sent = {
  body: Json;
  version: number;
  query: z.output<typeof oneQuery>;
  status: 200 | 201;
};

/** One resource with its version and its place (RFC 7644, 3.14). */
export function sendResource(io: Io, { body, version, query, status }: Sent): void {
  const { location } = body['meta'] as { location: string };
  const headers = { ETag: versionTag({ version }), Location: location };
  send(io, { status, body: chooseAttributes(body, query), headers });
}

/** The body as an object. Nothing of it is believed yet. */
export async function readBody({ request }: Io): Promise<Json> {
  if (!request.is([MEDIA_TYPE, 'application/json']))
    throw new AppError('unsupported_type', `Send the body as ${MEDIA_TYPE}`);
  return parse(await readAll(request));
}

/** A body that is too long is read to its end and dropped, so that its sender hears the answer. */
function readAll(request: Io['request']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => request.destroy(), WITHIN_MS);
    request.once('close', () => clearTimeout(timer));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('error', reject);
    request.once('end', () => {
      clearTimeout(timer);
      if (bytes <= MOST_BYTES) resolve(Buffer.concat(chunks));
      else reject(new AppError('too_large', 'The request body is too large'));
    });
  });
}

function parse(bytes: Buffer): Json {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw scimError('invalidSyntax', 'The request body is not valid JSON');
  }
  if (!isObject(body)) throw scimError('invalidSyntax', 'The request body is no object');
  if (holdsNull(body)) throw scimError('invalidValue', 'The character U+0000 can not be stored');
  return body;
}

/** Looked for in what was meant, not in how it was written: the six characters of its escape are a text. */
function holdsNull(body: unknown): boolean {
  const left = [body];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === 'string' && one.includes('\0')) return true;
    if (Array.isArray(one)) for (const value of one as unknown[]) left.push(value);
    else if (isObject(one)) for (const [name, value] of Object.entries(one)) left.push(name, value);
  }
  return false;
}
