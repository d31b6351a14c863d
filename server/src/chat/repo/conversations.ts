import type { TenantTx } from '../../platform/index.ts';

export type ConversationRow = {
  id: string;
  title: string | null;
  createdAt: Date;
  updatedAt: Date;
};

/** A page of the person's conversations, latest first; row security is the second to keep others' out. */
export function listConversations(
  tx: TenantTx,
  page: { after: string | null; limit: number },
): Promise<ConversationRow[]> {
  return tx.query<ConversationRow>(
    `select conversation.id, conversation.title, conversation.created_at as "createdAt",
       conversation.updated_at as "updatedAt"
     from conversations conversation
     where conversation.account_id = $3
       and ($1::uuid is null or (conversation.updated_at, conversation.id) <
         (select last.updated_at, last.id from conversations last where last.id = $1))
     order by conversation.updated_at desc, conversation.id desc
     limit $2`,
    [page.after, page.limit, tx.accountId],
  );
}

export async function findConversation(
  tx: TenantTx,
  id: string,
): Promise<ConversationRow | undefined> {
  const rows = await tx.query<ConversationRow>(
    `select conversation.id, conversation.title, conversation.created_at as "createdAt",
       conversation.updated_at as "updatedAt"
     from conversations conversation
     where conversation.id = $1 and conversation.account_id = (select control.account())`,
    [id],
  );
  return rows[0];
}

export async function insertConversation(
  tx: TenantTx,
  { id, accountId }: { id: string; accountId: string },
): Promise<ConversationRow> {
  const rows = await tx.query<ConversationRow>(
    `insert into conversations (id, tenant_id, account_id) values ($1, $2, $3)
     returning id, title, created_at as "createdAt", updated_at as "updatedAt"`,
    [id, tx.tenantId, accountId],
  );
  return rows[0] as ConversationRow;
}

/** Sets the encrypted title. With `onlyIfNone`, a title that somebody gave meanwhile stays. */
export async function updateTitle(
  tx: TenantTx,
  { id, title, onlyIfNone }: { id: string; title: string; onlyIfNone: boolean },
): Promise<ConversationRow | undefined> {
  const rows = await tx.query<ConversationRow>(
    `update conversations conversation set title = $2
     where conversation.id = $1 and conversation.account_id = (select control.account())
       and ($3 = false or conversation.title is null)
     returning id, title, created_at as "createdAt", updated_at as "updatedAt"`,
    [id, title, onlyIfNone],
  );
  return rows[0];
}

/** Locks the conversation and brings it to the top. False when the person has none of that id. */
export async function touchConversation(tx: TenantTx, id: string): Promise<boolean> {
  const count = await tx.execute(
    `update conversations conversation set updated_at = now()
     where conversation.id = $1 and conversation.account_id = (select control.account())`,
    [id],
  );
  return count === 1;
}

export async function removeConversation(tx: TenantTx, id: string): Promise<boolean> {
  return (
    (await tx.execute(
      `delete from conversations conversation
     where conversation.id = $1 and conversation.account_id = (select control.account())`,
      [id],
    )) === 1
  );
}
