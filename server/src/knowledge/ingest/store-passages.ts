import { newId } from '../../platform/index.ts';
import { lockDocument, setContents } from '../repo/documents.ts';
import { countIn, insertPassages, lockCounts, type NewPassage } from '../repo/passages.ts';
import { distinctLexemes } from '../words/lexemes-of.ts';
import { splitWords } from '../words/split-words.ts';
import { contextOf } from './context-of.ts';
import type { Ingestion } from './ingestion.ts';
import type { PassageDraft, ReadResult } from './read-document.ts';

/**
 * Writes all passages of a document in one transaction: it is searchable by its words from then
 * on, or nothing of it is there. Does nothing when the document was deleted meanwhile.
 */
export async function storePassages(
  work: Ingestion,
  documentName: string,
  contents: ReadResult,
): Promise<void> {
  const passages = contents.passages.map((draft, ordinal) =>
    indexPassage(draft, ordinal, documentName),
  );
  const counts = new Map<string, number>();
  for (const { lexemes } of passages)
    for (const lexeme of lexemes) counts.set(lexeme, (counts.get(lexeme) ?? 0) + 1);
  await work.ctx.inTenant(async (tx) => {
    const document = await lockDocument(tx, work.documentId);
    if (document?.state !== 'parsing') return;
    await insertPassages(tx, document.id, passages);
    await setContents(tx, {
      id: document.id,
      pages: contents.pages,
      language: contents.language,
      total: passages.length,
    });
    // Last, because all documents of the tenant take turns here.
    await lockCounts(tx);
    await countIn(tx, counts, passages.length);
  });
}

function indexPassage(draft: PassageDraft, ordinal: number, documentName: string): NewPassage {
  const words = splitWords(`${contextOf(documentName, draft.headings)} ${draft.text}`);
  return {
    ...draft,
    id: newId(),
    ordinal,
    words: words.join(' '),
    lexemes: distinctLexemes(words),
  };
}
