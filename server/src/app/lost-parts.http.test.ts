import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableServer, type BreakableServer } from '../../tests/breakable-server.ts';
import type { Answer } from '../../tests/test-server.ts';

const ROUNDS = 8;

type Problem = { code: string; detail: string; requestId: string };

describe('parts that are taken away from the running server', () => {
  let one: BreakableServer;

  beforeAll(async () => {
    one = await startBreakableServer();
  });
  afterAll(() => one.stop());

  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const me = (): Promise<Answer> => one.ask('GET', '/api/me');
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    const started = performance.now();
    while (!(await holds())) {
      if (performance.now() - started > 60_000) throw new Error('did not happen within 60 s');
      await pause(200);
    }
  };
  const untilBack = (): Promise<void> => until(async () => (await one.list()).status === 200);
  const keysEnd = (): Promise<void> => pause(one.keySeconds * 1_000 + 100);
  const expectClosed = (answer: Answer, detail: RegExp): void => {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const problem = answer.json<Problem>();
    expect(problem.code).toBe('unavailable');
    expect(problem.detail).toMatch(detail);
    expect(problem.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toMatch(/ECONN|ENOENT|\.sock|\/tmp|postgres|openbao|stack|at .*\.ts/i);
  };

  it('RES-01, RES-03: a killed database: closed at once, lockouts kept, back by itself', async () => {
    const { parts, server } = one;
    for (let tries = 0; tries < 5; tries += 1)
      expect((await one.signIn('locked@example.invalid')).status).toBe(401);
    expect((await one.signIn('locked@example.invalid')).status).toBe(429);
    // The parts of tests commit without waiting for the disk; what is a second old is there.
    await pause(1_000);
    await parts.database.kill();
    const refused = await Promise.all(Array.from({ length: 6 }, one.list));
    for (const answer of refused) expectClosed(answer, /^The database does not answer/);
    expect(await one.openedOf('database')).toBeGreaterThan(0);
    expectClosed(await one.list(), /^The database does not answer/);
    expectClosed(await one.signIn('other@example.invalid'), /^The database does not answer/);
    expect((await server.ask('GET', '/health/live')).status).toBe(200);
    expect((await server.ask('GET', '/health/ready')).status).toBe(503);
    parts.database.start();
    await untilBack();
    // A crash empties unlogged counters, and unlocks nobody.
    expect((await one.signIn('locked@example.invalid')).status).toBe(429);
    expect((await one.signIn('other@example.invalid')).status).toBe(401);
  });

  it('RES-02: a database that is back within the retries is not noticed by who reads', async () => {
    const statuses: number[] = [];
    // On a busy host the database may need longer than the retries last: then one is told so.
    for (let round = 0; round < ROUNDS && !statuses.includes(200); round += 1) {
      await untilBack();
      await one.parts.database.kill();
      const asked = one.list();
      await pause(100);
      one.parts.database.start();
      statuses.push((await asked).status);
    }
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses.at(-1)).toBe(200);
  });

  it('RES-01: a killed key service: no answer from keys beyond their time, the rest works, back by itself', async () => {
    await untilBack();
    expect((await one.list()).json<{ items: { title: string }[] }>().items[0]?.title).toBe(
      'The archive',
    );
    await one.parts.keyService.kill();
    await keysEnd();
    const answer = await one.list();
    expectClosed(answer, /^The key service does not answer/);
    expect(answer.text).not.toContain('The archive');
    expect((await me()).status).toBe(200);
    expect((await one.signIn('third@example.invalid')).status).toBe(401);
    expect((await one.server.ask('GET', '/health/ready')).status).toBe(503);
    one.parts.keyService.start();
    await untilBack();
    expect((await one.list()).text).toContain('The archive');
  });

  it('RES-01: a sealed key service says that it is sealed, and serves again once it is not', async () => {
    await one.parts.keyService.kill();
    one.parts.keyService.startSealed();
    await keysEnd();
    await until(async () => {
      const answer = await one.list();
      expect(answer.status).toBe(503);
      return answer.json<Problem>().detail.includes('sealed');
    });
    expect((await me()).status).toBe(200);
    await one.parts.keyService.kill();
    one.parts.keyService.start();
    await untilBack();
  });

  it('RES-01: without the model server an answer says so, and everything else works', async () => {
    expect(await one.question()).toContain('done');
    await one.stopModel();
    expect((await one.question()).at(-1)).toMatch(/^(?:done|error)$/);
    expect((await one.list()).status).toBe(200);
    expect((await me()).status).toBe(200);
    await one.startModel();
    await until(async () => (await one.question()).includes('done'));
  });
});
