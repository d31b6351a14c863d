import { Readable } from 'node:stream';
import { newId, type Job, type RequestContext } from '../../platform/index.ts';
import { ingestDocument } from '../ingest/ingest-document.ts';
import type { ReadDocument } from '../ingest/read-document.ts';
import { INGEST_JOB, uploadDocument } from '../upload-document.ts';

/** A reader without a child: each line of a text is a passage under the file's only heading. */
export const readLines =
  (lines: readonly string[]): ReadDocument =>
  () =>
    Promise.resolve({
      language: 'en',
      pages: null,
      passages: lines.map((text) => ({ text, headings: ['Notes'], page: 1, boxes: [] })),
    });

/** Uploads a text; gives the id of its document. */
export async function uploadText(
  ctx: RequestContext,
  text: string,
  name = 'notes.txt',
): Promise<string> {
  const body = Readable.from([Buffer.from(text)]);
  return (await uploadDocument(ctx, { name, body, bytes: null })).id;
}

/** The job of a document as the worker would hand it on. */
export function jobOf(ctx: RequestContext, documentId: string, attempt = 1): Job {
  return {
    id: newId(),
    queue: 'work',
    kind: INGEST_JOB,
    tenantId: ctx.tenantId,
    subjectId: documentId,
    accountId: null,
    claim: 1,
    attempt,
    maxAttempts: 5,
  };
}

/** Uploads lines and runs their job to the end. */
export async function takeIn(
  ctx: RequestContext,
  lines: readonly string[],
  name?: string,
): Promise<string> {
  const id = await uploadText(ctx, lines.join('\n'), name);
  await ingestDocument(ctx, jobOf(ctx, id), readLines(lines));
  return id;
}
