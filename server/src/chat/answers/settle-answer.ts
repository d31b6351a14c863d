import { setTimeout as pause } from 'node:timers/promises';
import * as audit from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { Outcome } from '../answer.ts';
import { storeCitation } from '../citation-texts.ts';
import { places } from '../field-places.ts';
import { ownerOf } from '../owner-of.ts';
import { insertCitations } from '../repo/citations.ts';
import { updateTitle } from '../repo/conversations.ts';
import { removeEvents, announce } from '../repo/events.ts';
import { settleAnswer } from '../repo/messages.ts';

type Settling = {
  messageId: string;
  conversationId: string;
  outcome: Outcome;
  /** Given to the conversation if it still has none. */
  title: string | null;
  lastEvent: number;
};

export type SettledAs = { settled: boolean; titled: boolean };

const PAUSES_MS = [0, 500, 1_000, 2_000, 4_000];

/**
 * Writes what an answer came to, with its citations and audit row, in one transaction. Tries again
 * for some seconds while the database is away; after that the lease ends and the answer counts as
 * failed. `settled` is false when the answer is gone.
 */
export async function settle(ctx: RequestContext, settling: Settling): Promise<SettledAs> {
  let failure: unknown;
  for (const wait of PAUSES_MS) {
    await pause(wait);
    try {
      return await writeOutcome(ctx, settling);
    } catch (error) {
      failure = error;
      // A closed tenant takes no more: the answer's lease ends, and it counts as lost. One that is
      // sealed may be open again in a moment.
      if (isClosed(error) && error.code !== 'sealed') break;
      ctx.log.warn('an answer could not be written; trying again', { error });
    }
  }
  throw failure;
}

/** The tenant was suspended, sealed or removed while it answered. */
export function isClosed(error: unknown): error is AppError {
  return error instanceof AppError && CLOSED.has(error.code);
}

const CLOSED: ReadonlySet<string> = new Set(['suspended', 'sealed', 'not_found']);

async function writeOutcome(ctx: RequestContext, settling: Settling): Promise<SettledAs> {
  const { messageId, conversationId, outcome } = settling;
  const { accountId } = ownerOf(ctx);
  const fields = await ctx.openFields();
  const content = fields.encrypt(places.content(messageId), outcome.content);
  const texts = await ctx.openTexts();
  const citations = outcome.citations.map((citation) =>
    storeCitation({ fields, texts }, messageId, citation),
  );
  const error = outcome.error && {
    code: outcome.error.code,
    detail: texts.encrypt(places.errorDetail(messageId), outcome.error.detail),
  };
  const title =
    settling.title === null ? null : fields.encrypt(places.title(conversationId), settling.title);
  return ctx.inTenant(async (tx) => {
    const { lastEvent } = settling;
    const settled = await settleAnswer(tx, {
      ...outcome,
      error,
      id: messageId,
      content,
      lastEvent,
    });
    if (!settled) return { settled, titled: false };
    const [renamed] = await Promise.all([
      title === null ? undefined : updateTitle(tx, { id: conversationId, title, onlyIfNone: true }),
      insertCitations(tx, { messageId, accountId, citations }),
      removeEvents(tx, messageId),
      announce(tx, { kind: 'more', messageId }),
      audit.record(tx, ctx, auditEvent(messageId, outcome)),
    ]);
    return { settled, titled: renamed !== undefined };
  });
}

/** AGT-07: what the model was sent and gave, as digests, never as text. */
function auditEvent(messageId: string, outcome: Outcome): audit.AuditEvent {
  const { state, verdict, error, model } = outcome;
  return {
    action: 'message.answer',
    resourceType: 'message',
    resourceId: messageId,
    after: {
      state,
      verdict,
      error: error?.code ?? null,
      model: model?.name ?? null,
      promptSha256: model?.promptSha256.toString('hex') ?? null,
      responseSha256: model?.responseSha256.toString('hex') ?? null,
    },
  };
}
