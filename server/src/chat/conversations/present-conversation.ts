import type { FieldEncryptor } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import type { ConversationRow } from '../repo/conversations.ts';

export type ConversationItem = {
  id: string;
  title: string | null;
  createdAt: string;
  updatedAt: string;
};

export function presentConversation(
  row: ConversationRow,
  fields: FieldEncryptor,
): ConversationItem {
  return {
    id: row.id,
    title: row.title === null ? null : fields.decrypt(places.title(row.id), row.title),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
