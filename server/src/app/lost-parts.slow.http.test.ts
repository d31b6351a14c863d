import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableServer, type BreakableServer } from '../../tests/breakable-server.ts';

const ROUNDS = 12;
const BACK_MS = 60_000;

/** Whatever is lost when: an answer is right or says 503, and the server comes back by itself. */
describe('parts that are taken away again and again under load', () => {
  let one: BreakableServer;
  let busy = true;

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  beforeAll(async () => {
    one = await startBreakableServer();
    // The parts of tests commit without waiting for the disk; what is a second old is there.
    await pause(1_500);
  });
  afterAll(() => one.stop());

  const work = async (ask: () => Promise<number>, seen: Map<number, number>): Promise<void> => {
    while (busy) {
      const status = await ask();
      seen.set(status, (seen.get(status) ?? 0) + 1);
      await pause(Math.random() * 20);
    }
  };
  const untilBack = async (): Promise<void> => {
    const started = performance.now();
    for (;;) {
      const answers = await Promise.all([one.list(), one.ask('GET', '/api/me')]);
      if (answers.every(({ status }) => status === 200)) return;
      if (performance.now() - started > BACK_MS)
        throw new Error(`not back within 60 s: ${answers.map(({ text }) => text).join(' ')}`);
      await pause(200);
    }
  };
  const damage = [
    async (): Promise<void> => {
      await one.parts.database.kill();
      await pause(Math.random() * 3_000);
      one.parts.database.start();
    },
    async (): Promise<void> => {
      await one.parts.keyService.kill();
      await pause(Math.random() * 4_000);
      one.parts.keyService.start();
    },
    async (): Promise<void> => {
      await Promise.all([one.parts.database.kill(), one.parts.keyService.kill()]);
      await pause(Math.random() * 2_000);
      one.parts.keyService.start();
      one.parts.database.start();
    },
  ];

  it('RES-01, RES-02, RES-03: in every round it refuses clearly and comes back', async () => {
    const [reads, writes, others] = [new Map(), new Map(), new Map()] as [
      Map<number, number>,
      Map<number, number>,
      Map<number, number>,
    ];
    let number = 0;
    const rename = async (): Promise<number> => {
      number += 1;
      const path = `${one.conversations}/${one.conversationId}`;
      return (await one.ask('PATCH', path, { title: `Title ${number}` })).status;
    };
    const signIn = (): Promise<number> =>
      one.signIn(`${Math.random()}@example.invalid`).then(({ status }) => status);
    const workers = [
      ...Array.from({ length: 4 }, () => work(async () => (await one.list()).status, reads)),
      work(async () => (await one.ask('GET', '/api/me')).status, reads),
      work(rename, writes),
      work(signIn, others),
      work(async () => (await one.server.ask('GET', '/health/live')).status, others),
    ];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        await damage[round % damage.length]?.();
        await untilBack();
        await pause(Math.random() * 1_000);
      }
      await untilBack();
    } finally {
      busy = false;
      await Promise.all(workers);
    }
    expect([...reads.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect([...writes.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    const known = new Set([200, 401, 429, 503]);
    expect([...others.keys()].filter((status) => !known.has(status))).toEqual([]);
    expect(reads.get(200)).toBeGreaterThan(100);
    expect(reads.get(503)).toBeGreaterThan(0);
    expect(await rename()).toBe(200);
    expect((await one.list()).text).toContain(`Title ${number}`);
  }, 900_000);
});
