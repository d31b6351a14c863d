import type { FieldEncryptor, RequestContext } from '../../platform/index.ts';
import type { AnswerEvent } from '../answer.ts';
import { places } from '../field-places.ts';
import { ownerOf } from '../owner-of.ts';
import { announce, insertEvents } from '../repo/events.ts';
import { keepAnswer } from '../repo/messages.ts';

/** An answer whose process renews no lease for so long is lost. */
export const LEASE_SECONDS = 20;
const FLUSH_MS = 250;
const RENEW_MS = 5_000;

export type EventLog = {
  /** Something new is there; it is written within a quarter of a second. */
  note(): void;
  /** Writes now: another process asked to look at the row. */
  look(): void;
  /** Writes nothing more; waits for the write that runs. */
  close(): Promise<void>;
};

type Options = {
  ctx: RequestContext;
  messageId: string;
  events: () => readonly AnswerEvent[];
  /** The row says that the answer must end: stopped by its owner, or gone. */
  ended: (why: 'stopped' | 'gone') => void;
};

/**
 * Keeps a streaming answer in the tenant's schema: events in encrypted batches, so that any process
 * can resume it, and the lease that shows that somebody still writes. A failed write is tried again
 * with the next one; nothing here delays a token.
 */
export function createEventLog(options: Options): EventLog {
  const { ctx, messageId } = options;
  let written = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  let waits = false;

  const write = async (): Promise<void> => {
    const upTo = options.events().length;
    const fresh = options.events().slice(written, upTo);
    const row = await flush(options, fresh);
    written = upTo;
    if (!row) options.ended('gone');
    else if (row.stopRequested) options.ended('stopped');
  };
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // However often others say that there is something to look at, one look waits at a time.
    if (waits) return;
    waits = true;
    running = running
      .then(() => {
        waits = false;
        return closed ? undefined : write();
      })
      .catch((error: unknown) => {
        ctx.log.warn('the events of an answer could not be kept; trying again', {
          error,
          messageId,
        });
        schedule();
      });
  };
  const schedule = (): void => {
    if (!closed) timer ??= setTimeout(run, FLUSH_MS);
  };
  const renewal = setInterval(run, RENEW_MS);
  return {
    note: schedule,
    look: run,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      clearInterval(renewal);
      await running;
    },
  };
}

async function flush(
  { ctx, messageId }: Options,
  fresh: readonly AnswerEvent[],
): Promise<{ stopRequested: boolean } | undefined> {
  const lease = { id: messageId, leaseSeconds: LEASE_SECONDS };
  const last = fresh.at(-1);
  if (!last) return ctx.readTenant((tx) => keepAnswer(tx, lease));
  const { accountId } = ownerOf(ctx);
  // Opened each time: an answer may take longer than keys stay in memory.
  const fields = await ctx.openFields();
  const data = fields.encrypt(places.events(messageId, last.id), JSON.stringify(fresh));
  return ctx.inTenant(async (tx) => {
    const kept = await keepAnswer(tx, lease);
    if (!kept) return undefined;
    await Promise.all([
      insertEvents(tx, { messageId, accountId, id: last.id, data }),
      announce(tx, { kind: 'more', messageId }),
    ]);
    return kept;
  });
}

/** The events after a number that a process kept; for resuming in another one. */
export function openBatches(
  batches: readonly { id: number; data: string }[],
  { fields, messageId, after }: { fields: FieldEncryptor; messageId: string; after: number },
): AnswerEvent[] {
  return batches
    .flatMap(
      ({ id, data }) =>
        JSON.parse(fields.decrypt(places.events(messageId, id), data)) as AnswerEvent[],
    )
    .filter(({ id }) => id > after);
}
