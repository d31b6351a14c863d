import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { AppError, ControlTx, Log } from '../platform/index.ts';
import type { Rights } from './rights/rights.ts';
import { createSessionWatch, type Credential, type SessionWatch } from './session-watch.ts';

type Desk = { watch: SessionWatch; asked: string[][]; live: Set<string>; away: () => void };

const rights: Rights = {
  trustsAccount: () => true,
  trustsMembership: () => true,
  trustsApiKey: () => true,
  trustsCustomRole: () => true,
  trustsFeatureLevels: () => true,
  trustsFactorRule: () => true,
  trustsVisit: () => true,
  trustsSignInRules: () => true,
  trustsConsent: () => true,
  sealCustomRole: () => Buffer.alloc(32),
  sealFeatureLevels: () => Buffer.alloc(32),
  sealFactorRule: () => Buffer.alloc(32),
  sealAccount: () => Buffer.alloc(32),
  sealMembership: () => Buffer.alloc(32),
  sealApiKey: () => Buffer.alloc(32),
  sealSignInRules: () => Buffer.alloc(32),
  trustsShown: () => true,
  sealShown: () => Buffer.alloc(32),
  suffices: () => true,
  demandsFactor: () => false,
};

/** Looks every 10 ms at sessions of a database that may go away; it is lost after 50. */
function startDesk(): Desk {
  const asked: string[][] = [];
  const live = new Set(['a', 'b']);
  let gone = false;
  const query = (_text: string, [ids]: [string[]]): Promise<unknown> => {
    asked.push(ids);
    if (gone) return Promise.reject(new Error('the database is away'));
    const nothing = { connectionId: null, onlyTenant: null, platformRole: null, factors: null };
    const rows = ids.map((sessionId) => ({
      ...{ sessionId, memberships: [], visits: [], factorAt: null },
      ...nothing,
    }));
    return Promise.resolve(rows.filter(({ sessionId }) => live.has(sessionId)));
  };
  const db = {
    readControl: <T>(work: (tx: ControlTx) => Promise<T>) =>
      work({ query } as unknown as ControlTx),
  };
  const log = { warn: () => undefined } as unknown as Log;
  const watch = createSessionWatch({ db, rights, log, everyMs: 10, lostMs: 50 });
  return { watch, asked, live, away: () => (gone = true) };
}

describe('the watch over sessions of open requests', () => {
  const never = (): void => undefined;
  const session = (id: string): Credential => ({ kind: 'session', id });

  it('ISO-05: ends what nobody could look at again for the stated time, and not before', async () => {
    const { watch, away } = startDesk();
    const lost: AppError[] = [];
    const since = performance.now();
    const stop = watch.watch(session('a'), never, (error) => lost.push(error));
    away();
    await pause(35);
    if (performance.now() - since < 45) expect(lost).toEqual([]);
    await pause(200);
    expect(lost.map(({ code }) => code)).toEqual(['unavailable']);
    stop();
  });

  it('ISO-05: tells each of its own session, ended or not', async () => {
    const { watch, live } = startDesk();
    const seen: Record<string, (string | undefined)[]> = { a: [], b: [] };
    const stops = ['a', 'b'].map((id) =>
      watch.watch(session(id), (state) => seen[id]?.push(state?.sessionId ?? undefined), never),
    );
    await pause(60);
    live.delete('a');
    await pause(60);
    for (const stop of stops) stop();
    expect([seen['a']?.at(0), seen['a']?.at(-1)]).toEqual(['a', undefined]);
    expect(new Set(seen['b'])).toEqual(new Set(['b']));
  });

  it('asks once for all streams of all sessions, and nothing when there are none', async () => {
    const { watch, asked } = startDesk();
    const stops = ['a', 'a', 'a', 'b'].map((id) => watch.watch(session(id), never, never));
    await pause(60);
    for (const stop of stops) stop();
    const count = asked.length;
    await pause(40);
    expect(asked).toHaveLength(count);
    expect(count).toBeGreaterThan(0);
    for (const ids of asked) expect(ids).toEqual(['a', 'b']);
  });
});
