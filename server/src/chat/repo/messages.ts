import type { TenantTx } from '../../platform/index.ts';
import type { MessageState, Sentence, Verdict } from '../answer.ts';

export type MessageRow = {
  id: string;
  conversationId: string;
  role: 'user' | 'assistant';
  content: string | null;
  state: MessageState;
  verdict: Verdict | null;
  sentences: Sentence[] | null;
  errorCode: string | null;
  errorDetail: string | null;
  regenerates: string | null;
  createdAt: Date;
  lastEvent: number;
  /** Streaming, but the process that answered has stopped renewing its lease. */
  lost: boolean;
};

const COLUMNS = `message.id, message.conversation_id as "conversationId", message.role, message.content,
  message.state, message.verdict, message.sentences, message.error_code as "errorCode",
  message.error_detail as "errorDetail", message.regenerates, message.created_at as "createdAt",
  message.last_event as "lastEvent",
  (message.state = 'streaming' and message.lease_until < now()) as lost`;

/** The messages of a conversation, oldest first. */
export function listMessages(tx: TenantTx, conversationId: string): Promise<MessageRow[]> {
  return tx.query<MessageRow>(
    `select ${COLUMNS} from messages message
     where message.conversation_id = $1 and message.account_id = (select control.account())
     order by message.id`,
    [conversationId],
  );
}

/** One message, only if it belongs to the conversation that the path names. */
export async function findMessage(
  tx: TenantTx,
  { conversationId, messageId }: { conversationId: string; messageId: string },
): Promise<MessageRow | undefined> {
  const rows = await tx.query<MessageRow>(
    `select ${COLUMNS} from messages message
     where message.id = $2 and message.conversation_id = $1
       and message.account_id = (select control.account())`,
    [conversationId, messageId],
  );
  return rows[0];
}

export type NewQuestion = {
  id: string;
  conversationId: string;
  accountId: string;
  content: string;
};

export async function insertQuestion(tx: TenantTx, question: NewQuestion): Promise<void> {
  await tx.execute(
    `insert into messages (id, tenant_id, account_id, conversation_id, role, content, state, settled_at)
     values ($1, $2, $3, $4, 'user', $5, 'complete', now())`,
    [question.id, tx.tenantId, question.accountId, question.conversationId, question.content],
  );
}

export type NewAnswer = {
  id: string;
  conversationId: string;
  accountId: string;
  regenerates: string | null;
  leaseSeconds: number;
};

/** When it was made; undefined while another answer is being written in the conversation. */
export async function insertAnswer(tx: TenantTx, answer: NewAnswer): Promise<Date | undefined> {
  const rows = await tx.query<{ createdAt: Date }>(
    `insert into messages (id, tenant_id, account_id, conversation_id, role, state, regenerates, lease_until)
     values ($1, $2, $3, $4, 'assistant', 'streaming', $5, now() + make_interval(secs => $6))
     on conflict (conversation_id) where state = 'streaming' do nothing
     returning created_at as "createdAt"`,
    [
      answer.id,
      tx.tenantId,
      answer.accountId,
      answer.conversationId,
      answer.regenerates,
      answer.leaseSeconds,
    ],
  );
  return rows[0]?.createdAt;
}

/** Prolongs the lease. Undefined when the message is gone or settled: the answer must end. */
export async function keepAnswer(
  tx: TenantTx,
  { id, leaseSeconds }: { id: string; leaseSeconds: number },
): Promise<{ stopRequested: boolean } | undefined> {
  const rows = await tx.query<{ stopRequested: boolean }>(
    `update messages message set lease_until = now() + make_interval(secs => $2)
     where message.id = $1 and message.state = 'streaming'
     returning message.stop_requested as "stopRequested"`,
    [id, leaseSeconds],
  );
  return rows[0];
}

/** False when it is not being written. */
export async function requestStop(tx: TenantTx, id: string): Promise<boolean> {
  const count = await tx.execute(
    `update messages message set stop_requested = true where message.id = $1 and message.state = 'streaming'`,
    [id],
  );
  return count === 1;
}

export type Settled = {
  id: string;
  state: MessageState;
  content: string;
  verdict: Verdict | null;
  sentences: readonly Sentence[] | null;
  error: { code: string; detail: string } | null;
  model: { name: string; promptSha256: Buffer; responseSha256: Buffer } | null;
  lastEvent: number;
};

/** Writes the outcome once. False when the message is gone or somebody settled it before. */
export async function settleAnswer(tx: TenantTx, settled: Settled): Promise<boolean> {
  const count = await tx.execute(
    `update messages message
     set state = $2, content = $3, verdict = $4, sentences = $5, error_code = $6, error_detail = $7,
       model = $8, prompt_sha256 = $9, response_sha256 = $10, last_event = $11, lease_until = null,
       settled_at = now()
     where message.id = $1 and message.state = 'streaming'`,
    [
      settled.id,
      settled.state,
      settled.content,
      settled.verdict,
      settled.sentences === null ? null : JSON.stringify(settled.sentences),
      settled.error?.code ?? null,
      settled.error?.detail ?? null,
      settled.model?.name ?? null,
      settled.model?.promptSha256 ?? null,
      settled.model?.responseSha256 ?? null,
      settled.lastEvent,
    ],
  );
  return count === 1;
}
