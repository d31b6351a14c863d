import { AppError, type RequestContext } from '../platform/index.ts';
import { outlineOf, type OutlineEntry } from './outline-of.ts';
import { findDocument, type DocumentRow } from './repo/documents.ts';
import { listHeadings } from './repo/passages.ts';

export type DocumentDetail = { readonly row: DocumentRow; readonly outline: OutlineEntry[] };

/** One document with the headings of its passages. Throws not_found. */
export async function getDocument(ctx: RequestContext, id: string): Promise<DocumentDetail> {
  const [row, headings] = await ctx.inTenant((tx) =>
    Promise.all([findDocument(tx, id), listHeadings(tx, id)]),
  );
  if (!row) throw new AppError('not_found', 'No such document');
  return { row, outline: outlineOf(headings) };
}
