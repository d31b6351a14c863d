import type { TenantTexts } from '../platform/index.ts';
import { places } from './field-places.ts';

/** Headings stand in their own column in the clear, or as one encrypted field. */
export type StoredHeadings = { headings: string[]; sealedHeadings: string | null };

/** The name of a document as people gave it. */
export function openName(texts: TenantTexts, document: { id: string; name: string }): string {
  return texts.decrypt(places.name(document.id), document.name);
}

/** A document's row with its texts in the clear. */
export function openDocument<
  R extends { id: string; name: string; errorDetail: string | null } | undefined,
>(texts: TenantTexts, row: R): R {
  if (row === undefined) return row;
  const { id, errorDetail } = row;
  return {
    ...row,
    name: openName(texts, row),
    errorDetail: errorDetail === null ? null : texts.decrypt(places.errorDetail(id), errorDetail),
  };
}

export function openHeadings(
  texts: TenantTexts,
  { chunkId, headings, sealedHeadings }: StoredHeadings & { chunkId: string },
): string[] {
  if (sealedHeadings === null) return headings;
  return JSON.parse(texts.decrypt(places.headings(chunkId), sealedHeadings)) as string[];
}

/** The two columns of a passage's headings. */
export function storeHeadings(
  texts: TenantTexts,
  { chunkId, headings }: { chunkId: string; headings: readonly string[] },
): { headings: readonly string[]; sealedHeadings: string | null } {
  if (texts.tier === 'standard') return { headings, sealedHeadings: null };
  const sealedHeadings = texts.encrypt(places.headings(chunkId), JSON.stringify(headings));
  return { headings: [], sealedHeadings };
}

type StoredPassage = StoredHeadings & {
  chunkId: string;
  documentId: string;
  documentName: string;
  text: string;
};

/** A passage with its texts in the clear. */
export function openPassage<P extends StoredPassage>(
  texts: TenantTexts,
  { sealedHeadings, ...passage }: P,
): Omit<P, 'sealedHeadings'> {
  const { chunkId, documentId, documentName, headings, text } = passage;
  return {
    ...passage,
    documentName: openName(texts, { id: documentId, name: documentName }),
    headings: openHeadings(texts, { chunkId, headings, sealedHeadings }),
    text: texts.decrypt(places.text(chunkId), text),
  };
}
