import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableParts, type BreakableParts } from '../../tests/breakable-parts.ts';
import { openStream } from '../../tests/open-stream.ts';
import { startScriptedModel, type ScriptedModel } from '../../tests/scripted-model.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';

const OPEN_SECONDS = 2;
const TTL_SECONDS = 2;

type Problem = { code: string; detail: string; requestId: string };

describe('parts that are taken away from the running server', () => {
  let parts: BreakableParts;
  let model: ScriptedModel;
  let appliance: TestAppliance;
  let server: TestServer;
  let person: SignedIn;
  let tenantId: string;
  let conversationId: string;

  beforeAll(async () => {
    parts = await startBreakableParts();
    model = await startScriptedModel();
    appliance = await startAppliance({
      CASEMATE_OLLAMA_URL: model.url,
      CASEMATE_BREAKER_OPEN_SECONDS: OPEN_SECONDS,
      CASEMATE_DATA_KEY_SECONDS: TTL_SECONDS,
    });
    server = await startServer(appliance.config);
    tenantId = await appliance.makeTenant();
    person = await signInPerson(appliance, { [tenantId]: 'admin' });
    const made = await server.ask('POST', conversations(), { token: person.token, json: {} });
    conversationId = made.json<{ id: string }>().id;
    const renamed = await server.ask('PATCH', `${conversations()}/${conversationId}`, {
      token: person.token,
      json: { title: 'The archive' },
    });
    if (renamed.status !== 200) throw new Error(renamed.text);
  });
  afterAll(async () => {
    await server.stop();
    // The database may be away: what cannot be dropped goes with its directory.
    await appliance.stop().catch(() => undefined);
    await model.stop();
    await parts.stop();
  });

  const conversations = (): string => `/api/tenants/${tenantId}/conversations`;
  const list = (): Promise<Answer> => server.ask('GET', conversations(), { token: person.token });
  const me = (): Promise<Answer> => server.ask('GET', '/api/me', { token: person.token });
  const signIn = (email: string): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password: 'Wrong-horse-77' } });
  const until = async (holds: () => Promise<boolean>): Promise<number> => {
    const started = performance.now();
    while (!(await holds())) {
      if (performance.now() - started > 60_000) throw new Error('did not recover within 60 s');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return performance.now() - started;
  };
  const expectClosed = (answer: Answer, detail: RegExp): void => {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const problem = answer.json<Problem>();
    expect(problem.code).toBe('unavailable');
    expect(problem.detail).toMatch(detail);
    expect(problem.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toMatch(/ECONN|ENOENT|\.sock|\/tmp|postgres|openbao|stack|at .*\.ts/i);
  };
  const openedOf = async (part: string): Promise<number> => {
    const file = join(appliance.config.CASEMATE_DATA_DIR, 'metrics-token');
    const token = readFileSync(file, 'utf8');
    const { status, text } = await server.ask('GET', '/metrics', { token });
    if (status !== 200) throw new Error(text);
    const line = new RegExp(`^casemate_breaker_opened_total\\{part="${part}"\\} (\\d+)$`, 'm');
    return Number(line.exec(text)?.[1] ?? -1);
  };

  it('RES-01, RES-03: a killed database: closed at once, lockouts kept, back by itself', async () => {
    expect((await list()).status).toBe(200);
    for (let tries = 0; tries < 5; tries += 1)
      expect((await signIn('locked@example.invalid')).status).toBe(401);
    expect((await signIn('locked@example.invalid')).status).toBe(429);
    // The parts of tests commit without waiting for the disk; what is a second old is there.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await parts.database.kill();
    const refused = await Promise.all(Array.from({ length: 6 }, list));
    for (const answer of refused) expectClosed(answer, /^The database does not answer/);
    const started = performance.now();
    expectClosed(await list(), /^The database does not answer/);
    expect(performance.now() - started).toBeLessThan(1_000);
    expectClosed(await signIn('other@example.invalid'), /^The database does not answer/);
    expect((await server.ask('GET', '/health/live')).status).toBe(200);
    expect((await server.ask('GET', '/health/ready')).status).toBe(503);
    parts.database.start();
    await until(async () => (await list()).status === 200);
    expect(await openedOf('database')).toBeGreaterThan(0);
    // A crash empties unlogged counters, and unlocks nobody.
    expect((await signIn('locked@example.invalid')).status).toBe(429);
    expect((await signIn('other@example.invalid')).status).toBe(401);
  });

  it('RES-02: a database that is back within the retries is not noticed by who reads', async () => {
    await until(async () => (await list()).status === 200);
    await parts.database.kill();
    const asked = list();
    await new Promise((resolve) => setTimeout(resolve, 100));
    parts.database.start();
    expect((await asked).status).toBe(200);
  });

  it('RES-01: a killed key service: no answer from keys beyond their time, the rest works, back by itself', async () => {
    expect((await list()).json<{ items: { title: string }[] }>().items[0]?.title).toBe(
      'The archive',
    );
    await parts.keyService.kill();
    await new Promise((resolve) => setTimeout(resolve, TTL_SECONDS * 1_000 + 100));
    const answer = await list();
    expectClosed(answer, /^The key service does not answer/);
    expect(answer.text).not.toContain('The archive');
    expect((await me()).status).toBe(200);
    expect((await signIn('third@example.invalid')).status).toBe(401);
    expect((await server.ask('GET', '/health/ready')).status).toBe(503);
    parts.keyService.start();
    await until(async () => (await list()).status === 200);
    expect((await list()).text).toContain('The archive');
  });

  it('RES-01: a sealed key service says that it is sealed, and serves again once it is not', async () => {
    await parts.keyService.kill();
    parts.keyService.startSealed();
    await new Promise((resolve) => setTimeout(resolve, TTL_SECONDS * 1_000 + 100));
    const told: string[] = [];
    await until(async () => {
      const answer = await list();
      expect(answer.status).toBe(503);
      told.push(answer.json<Problem>().detail);
      return told.some((detail) => detail.includes('sealed'));
    });
    expect((await me()).status).toBe(200);
    await parts.keyService.kill();
    parts.keyService.start();
    await until(async () => (await list()).status === 200);
  });

  it('RES-01: without the model server an answer says so, and everything else works', async () => {
    const path = `${conversations()}/${conversationId}/messages`;
    const ask = async (): Promise<string[]> => {
      const stream = await openStream({
        port: server.port,
        token: person.token,
        path,
        json: { content: 'What does the archive hold about pumps?' },
      });
      return (await stream.ended).map(({ kind }) => kind);
    };
    expect(await ask()).toContain('done');
    const { port } = new URL(model.url);
    await model.stop();
    const kinds = await ask();
    expect(kinds.at(-1)).toMatch(/^(?:done|error)$/);
    expect((await list()).status).toBe(200);
    expect((await me()).status).toBe(200);
    model = await startScriptedModel(Number(port));
    await until(async () => (await ask()).includes('done'));
  });
});
