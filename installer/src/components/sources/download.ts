import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../message-of.ts';
import type { Report } from '../types.ts';

type DownloadOptions = { report: Report; signal?: AbortSignal | undefined; attempts?: number };

/** A server's refusal: asking again will not help. */
class Refused extends Error {}

/**
 * Downloads `url` to `file` and goes on where a broken connection stopped, when the server can.
 * Proves nothing about the bytes: the caller verifies the checksum.
 */
export async function download(url: URL, file: string, options: DownloadOptions): Promise<void> {
  const { report, signal, attempts = 3 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      await downloadOnce(url, file, { report, signal });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      const fault = messageOf(error);
      const got = await sizeOf(file);
      // Without a single byte there is nobody to go on with.
      if (error instanceof Refused || got === 0 || attempt >= attempts) {
        throw new Error(`${url.href}: ${fault}`, { cause: error });
      }
      report({ kind: 'warn', text: `${url.href} broke off after ${got} bytes (${fault}): again` });
    }
  }
}

async function downloadOnce(
  url: URL,
  file: string,
  { report, signal }: DownloadOptions,
): Promise<void> {
  const got = await sizeOf(file);
  const headers: Record<string, string> = got > 0 ? { range: `bytes=${got}-` } : {};
  const answer = await fetch(url, { headers, ...(signal && { signal }) });
  if (!answer.ok || !answer.body) throw new Refused(`the server answered ${answer.status}`);
  const resumed = answer.status === 206;
  const rest = Number(answer.headers.get('content-length') ?? 0);
  const start = resumed ? got : 0;
  const meter = meterBytes(report, { text: path.basename(file), start, total: start + rest });
  const body = Readable.fromWeb(answer.body);
  await pipeline(body, meter, createWriteStream(file, { flags: resumed ? 'a' : 'w' }), { signal });
}

type Meter = { text: string; start: number; total: number };

/** Reports at most twice a second. */
function meterBytes(report: Report, { text, start, total }: Meter): Transform {
  let done = start;
  let last = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      if (Date.now() - last > 500) {
        last = Date.now();
        report({ kind: 'progress', text, done, ...(total > done && { total }), unit: 'B' });
      }
      next(null, chunk);
    },
  });
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
