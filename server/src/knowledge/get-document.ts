import { AppError, type RequestContext } from '../platform/index.ts';
import { outlineOf, type OutlineEntry } from './outline-of.ts';
import { places } from './field-places.ts';
import { openDocument, openHeadings } from './open-texts.ts';
import { findDocument, type DocumentRow } from './repo/documents.ts';
import { listHeadings } from './repo/passages.ts';

export type DocumentDetail = { readonly row: DocumentRow; readonly outline: OutlineEntry[] };

/** One document with the headings of its passages. Throws not_found. */
export async function getDocument(ctx: RequestContext, id: string): Promise<DocumentDetail> {
  const texts = await ctx.openTexts();
  const opening = texts.tier === 'standard' ? OPENING : null;
  const [row, passages] = await ctx.inTenant((tx) =>
    Promise.all([findDocument(tx, id), listHeadings(tx, { documentId: id, opening })]),
  );
  if (!row) throw new AppError('not_found', 'No such document');
  const headings = passages.map((passage) => ({
    ...passage,
    headings: openHeadings(texts, passage),
    opening: texts.decrypt(places.text(passage.chunkId), passage.opening).slice(0, OPENING),
  }));
  return { row: openDocument(texts, row), outline: outlineOf(headings) };
}

/** Characters of a passage that name it in an outline. */
const OPENING = 80;
