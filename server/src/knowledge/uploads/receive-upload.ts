import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/index.ts';
import type { FileSample } from '../parse/index.ts';
import { gatherSample } from './gather-sample.ts';
import type { UploadSeal } from './upload-seal.ts';

export type Received = {
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly sample: FileSample;
};

type Receive = { file: string; maxBytes: number; signal: AbortSignal; seal?: UploadSeal };

/**
 * Streams a body to a file that only the server's account can read, counting and hashing on the
 * way. Whatever goes wrong, the file is gone afterwards.
 *
 * @throws AppError too_large, storage_full, or what aborted the request
 */
export async function receiveUpload(body: Readable, receive: Receive): Promise<Received> {
  const { file, maxBytes, signal, seal = null } = receive;
  const ends = gatherSample();
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measure(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const part of source) {
      bytes += part.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(part);
      ends.note(part);
      yield part;
    }
  }
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    if (seal === null) await pipeline(body, measure, target, { signal });
    else {
      target.write(seal.head);
      await pipeline(body, measure, (source) => seal.seal(source), target, { signal });
    }
    return { bytes, sha256: hash.digest(), sample: ends.sample() };
  } catch (error) {
    // What was there before is not ours to remove.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
    throw signal.reason instanceof AppError ? signal.reason : explain(error);
  }
}

export function tooLarge(maxBytes: number): AppError {
  const mebibytes = Math.floor(maxBytes / 1024 ** 2);
  const limit = mebibytes > 0 ? `${mebibytes} MiB` : `${maxBytes} bytes`;
  return new AppError(
    'too_large',
    `The file is larger than ${limit}. Split it and upload the parts`,
  );
}

function explain(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError(
      'storage_full',
      'The disk of the server is full. Ask an administrator to free space, then upload again',
      { cause: error },
    );
  if (code === 'EROFS' || code === 'EACCES')
    return new AppError(
      'unavailable',
      'The server cannot store files now. Ask an administrator to run `casemate doctor`',
      { cause: error, retryAfterSeconds: 60 },
    );
  return error;
}
