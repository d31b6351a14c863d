import type { TenantTexts } from '../../platform/index.ts';
import type { Message } from '../answer.ts';
import { openCitation, type Openers } from '../citation-texts.ts';
import { places } from '../field-places.ts';
import type { CitationRow } from '../repo/citations.ts';
import type { MessageRow } from '../repo/messages.ts';

type Sources = Openers & { citations: readonly CitationRow[] };

/** Opens the encrypted fields of a message and its citations. A streaming answer has no content yet. */
export function presentMessage(row: MessageRow, { fields, texts, citations }: Sources): Message {
  return {
    id: row.id,
    role: row.role,
    content: row.content === null ? '' : fields.decrypt(places.content(row.id), row.content),
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    regenerates: row.regenerates,
    error: row.errorCode === null ? null : { code: row.errorCode, detail: openDetail(texts, row) },
    verdict: row.verdict,
    sentences: row.sentences,
    citations: citations
      .filter(({ messageId }) => messageId === row.id)
      .map((citation) => openCitation({ fields, texts }, citation)),
  };
}

/** What a person is told of a failed answer. */
export function openDetail(
  texts: TenantTexts,
  { id, errorDetail }: Pick<MessageRow, 'id' | 'errorDetail'>,
): string {
  return errorDetail === null ? '' : texts.decrypt(places.errorDetail(id), errorDetail);
}
