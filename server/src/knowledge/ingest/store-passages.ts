import { newId, type TenantTexts, type TenantTx } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import { storeHeadings } from '../open-texts.ts';
import { lockDocument, setContents } from '../repo/documents.ts';
import { countIn, insertPassages, lockCounts, type NewPassage } from '../repo/passages.ts';
import { distinctLexemes } from '../words/lexemes-of.ts';
import { splitWords } from '../words/split-words.ts';
import { contextOf } from './context-of.ts';
import type { Ingestion } from './ingestion.ts';
import type { PassageDraft, ReadResult } from './read-document.ts';

/** Few enough that other requests get their turn between two batches. */
const BATCH = 100;

/**
 * Writes all passages of a document in one transaction: it is searchable by its words from then
 * on, or nothing of it is there. Does nothing when the document was deleted meanwhile.
 */
export async function storePassages(
  work: Ingestion,
  documentName: string,
  contents: ReadResult,
): Promise<void> {
  const { passages, pages, language } = contents;
  const texts = await work.ctx.openTexts();
  await work.ctx.inTenant(async (tx) => {
    const document = await lockDocument(tx, work.documentId);
    if (document?.state !== 'parsing') return;
    const counts = await insertAll(tx, { id: document.id, name: documentName, texts }, passages);
    await setContents(tx, { id: document.id, pages, language, total: passages.length });
    // Last, because all documents of the tenant take turns here.
    await lockCounts(tx);
    await countIn(tx, counts, passages.length);
  });
}

/** Indexes one batch while the database stores the one before; gives how often lexemes stand. */
export async function insertAll(
  tx: TenantTx,
  document: { id: string; name: string; texts: TenantTexts },
  drafts: readonly PassageDraft[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let stored: Promise<void> = Promise.resolve();
  for (let start = 0; start < drafts.length; start += BATCH) {
    const passages = drafts
      .slice(start, start + BATCH)
      .map((draft, at) =>
        sealPassage(document.texts, indexPassage(draft, start + at, document.name)),
      );
    for (const { lexemes } of passages)
      for (const lexeme of lexemes) counts.set(lexeme, (counts.get(lexeme) ?? 0) + 1);
    await stored;
    stored = insertPassages(tx, document.id, passages);
  }
  await stored;
  return counts;
}

function indexPassage(
  draft: PassageDraft,
  ordinal: number,
  documentName: string,
): Omit<NewPassage, 'sealedHeadings'> {
  return { ...draft, id: newId(), ordinal, ...wordsOf(documentName, draft) };
}

/** What a search finds a passage by. */
export function wordsOf(
  documentName: string,
  { headings, text }: Pick<PassageDraft, 'headings' | 'text'>,
): Pick<NewPassage, 'words' | 'lexemes'> {
  const words = splitWords(`${contextOf(documentName, headings)} ${text}`);
  return { words, lexemes: distinctLexemes(words) };
}

function sealPassage(texts: TenantTexts, passage: Omit<NewPassage, 'sealedHeadings'>): NewPassage {
  const { id, headings, text } = passage;
  return {
    ...passage,
    ...storeHeadings(texts, { chunkId: id, headings }),
    text: texts.encrypt(places.text(id), text),
  };
}
