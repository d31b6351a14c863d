import { newId } from '../../platform/index.ts';
import { listChannels } from '../repo/catalog.ts';
import type { World } from '../world.ts';

export type Ears = { stop(): Promise<void> };

/** A channel carries words of the program and ids, nothing that anybody wrote. */
const WORDS_AND_IDS =
  /^[a-z_]{0,40}([:/ ]?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})*([:/ ][a-z0-9_-]{0,40})?$/;

/**
 * Listens on every channel for as long as the test runs: those that the program may use, and those
 * that a function of the database names. A notification is heard by every process
 * that listens, whoever's it is: it may say that there is something to look at, and no more.
 */
export async function listenToAll({
  subject,
}: Pick<World, 'subject'>): Promise<Ears & { heard: Map<string, string[]> }> {
  const declared = await subject.ctx.inControl(listChannels);
  const channels = [...new Set([...subject.channels, ...declared])].sort();
  const heard = new Map<string, string[]>(channels.map((channel) => [channel, []]));
  const stops = await Promise.all(
    channels.map((channel) =>
      subject.db.listen(channel, (payload) => void heard.get(channel)?.push(payload)),
    ),
  );
  // A word of the test's own on each, so that silence is known from deafness.
  for (const channel of channels)
    await subject.ctx.inControl((tx) => tx.query('select pg_notify($1, $2)', [channel, newId()]));
  return {
    heard,
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/** Judges what was heard; each channel must have said something. */
export function judgeChannels(world: World, heard: ReadonlyMap<string, readonly string[]>): void {
  const { a, b, ledger } = world;
  ledger.demand('channels', heard.keys());
  for (const [channel, payloads] of heard) {
    const faulty = payloads.filter(
      (text) => !WORDS_AND_IDS.test(text) || text.includes(a.secret) || text.includes(b.secret),
    );
    ledger.attempt(
      { kind: 'channels', name: `everything that ${channel} said`, twin: `${channel} is heard` },
      faulty.length > 0
        ? {
            what: `it carries more than ids: ${faulty[0]?.slice(0, 80) ?? ''}`,
            bytes: faulty.join('').length,
          }
        : null,
    );
    ledger.twin(
      'channels',
      `${channel} is heard`,
      payloads.length > 0 ? null : 'nothing was heard, not even the word of the test itself',
    );
    ledger.cover('channels', channel);
  }
}
