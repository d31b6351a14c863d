import * as audit from '../../audit/index.ts';
import type { RequestContext } from '../../platform/index.ts';
import { places } from '../field-places.ts';
import { listEvents, removeEvents } from '../repo/events.ts';
import { settleAnswer } from '../repo/messages.ts';
import { openBatches } from './event-log.ts';

export const LOST = {
  code: 'unavailable',
  detail: 'The server was interrupted while it answered. What it had written is kept; ask again.',
};

/**
 * Settles an answer whose process died as failed, with the text that had been kept. Harmless when
 * somebody else settles it at the same time. Done by its owner's next look, since nobody else sees
 * the row.
 */
export async function failLostAnswer(ctx: RequestContext, messageId: string): Promise<void> {
  const [fields, texts] = await Promise.all([ctx.openFields(), ctx.openTexts()]);
  const batches = await ctx.readTenant((tx) => listEvents(tx, { messageId, after: 0 }));
  const events = openBatches(batches, { fields, messageId, after: 0 });
  const text = events
    .filter(({ kind }) => kind === 'delta')
    .map(({ data }) => (data as { text: string }).text)
    .join('');
  await ctx.inTenant(async (tx) => {
    const settled = await settleAnswer(tx, {
      id: messageId,
      state: 'failed',
      content: fields.encrypt(places.content(messageId), text),
      verdict: null,
      sentences: null,
      error: { ...LOST, detail: texts.encrypt(places.errorDetail(messageId), LOST.detail) },
      model: null,
      lastEvent: (events.at(-1)?.id ?? 0) + 1,
    });
    if (!settled) return;
    await removeEvents(tx, messageId);
    await audit.record(tx, ctx, {
      action: 'message.fail',
      resourceType: 'message',
      resourceId: messageId,
      after: { error: LOST.code },
    });
  });
}
