import type { FieldEncryptor, TenantTexts } from '../platform/index.ts';
import type { Citation } from './answer.ts';
import { places } from './field-places.ts';
import type { CitationRow } from './repo/citations.ts';

/** What opens the fields of a conversation: ciphertext everywhere, and what is only in one tier. */
export type Openers = { fields: FieldEncryptor; texts: TenantTexts };

/** A citation as the database keeps it. */
export function storeCitation(
  { fields, texts }: Openers,
  messageId: string,
  citation: Citation,
): Citation & { sealedHeadings: string | null } {
  const { n, quote, documentName, headings } = citation;
  const sealed = texts.tier === 'sealed';
  return {
    ...citation,
    quote: fields.encrypt(places.quote(messageId, n), quote),
    documentName: texts.encrypt(places.documentName(messageId, n), documentName),
    headings: sealed ? [] : headings,
    sealedHeadings: sealed
      ? texts.encrypt(places.headings(messageId, n), JSON.stringify(headings))
      : null,
  };
}

export function openCitation({ fields, texts }: Openers, row: CitationRow): Citation {
  const { messageId, sealedHeadings, ...citation } = row;
  const { n, quote, documentName, headings } = citation;
  return {
    ...citation,
    quote: fields.decrypt(places.quote(messageId, n), quote),
    documentName: texts.decrypt(places.documentName(messageId, n), documentName),
    headings:
      sealedHeadings === null
        ? headings
        : (JSON.parse(texts.decrypt(places.headings(messageId, n), sealedHeadings)) as string[]),
  };
}
