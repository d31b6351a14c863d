import type { FieldEncryptor } from '../../platform/index.ts';
import type { Citation, Message } from '../answer.ts';
import { places } from '../field-places.ts';
import type { CitationRow } from '../repo/citations.ts';
import type { MessageRow } from '../repo/messages.ts';

type Sources = { fields: FieldEncryptor; citations: readonly CitationRow[] };

/** Opens the encrypted fields of a message and its citations. A streaming answer has no content yet. */
export function presentMessage(row: MessageRow, { fields, citations }: Sources): Message {
  return {
    id: row.id,
    role: row.role,
    content: row.content === null ? '' : fields.decrypt(places.content(row.id), row.content),
    state: row.state,
    createdAt: row.createdAt.toISOString(),
    regenerates: row.regenerates,
    error: row.errorCode === null ? null : { code: row.errorCode, detail: row.errorDetail ?? '' },
    verdict: row.verdict,
    sentences: row.sentences,
    citations: citations
      .filter(({ messageId }) => messageId === row.id)
      .map(({ messageId, ...citation }): Citation => ({
        ...citation,
        quote: fields.decrypt(places.quote(messageId, citation.n), citation.quote),
      })),
  };
}
