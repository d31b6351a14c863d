import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../platform/index.ts';
import type { World } from '../world.ts';

/** Longer than any listener gathers before it looks. */
const SETTLE_MS = 500;

/** What the program itself would say about B, on the channel that it says it on. */
const WORDS: Readonly<Record<string, (of: { id: string; message: string }) => string[]>> = {
  casemate_tenants: ({ id }) => [id],
  casemate_chat: ({ id, message }) => [
    `look:${id}:${message}`,
    `more:${id}:${message}`,
    `look:${id}:${newId()}`,
  ],
};

/** On every other channel: what wakes its listeners, whoever they are. */
const WAKING = ['work', 'provision', 'queued', 'done'];

/**
 * No privilege keeps a transaction from a channel, so that A can say about B what the program would
 * say. Whoever hears it must look at its own tables and find that nothing happened.
 */
export async function forgeNotifications(world: World, channels: Iterable<string>): Promise<void> {
  const { a, b, ledger, subject, watch } = world;
  const ofA = await subject.openTenant(a.id, a.admin.accountId);
  const of = { id: b.id, message: b.objects.get('message') ?? newId() };
  for (const channel of channels) {
    await watch.begin();
    await subject.db.inTenant(ofA, async (tx) => {
      for (const payload of WORDS[channel]?.(of) ?? WAKING)
        await tx.query('select pg_notify($1, $2)', [channel, payload]);
    });
    await sleep(SETTLE_MS);
    const changed = await watch.changes();
    ledger.attempt(
      { kind: 'channels', name: `what A says about B on ${channel}`, twin: `${channel} is heard` },
      changed.length > 0
        ? { what: `was believed: ${changed.join('; ')}`, effects: changed.length }
        : null,
    );
  }
}
