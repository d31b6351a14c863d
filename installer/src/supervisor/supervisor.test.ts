import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '../host/wait-until.ts';
import { startTicksOf } from './process-record.ts';
import type { Supervisor } from './supervisor.ts';
import { fakeSpec, fakeSupervisor } from './testing.ts';

const never = { kind: 'http', socketPath: '/nonexistent.sock', path: '/' } as const;
const forever = 'setInterval(() => {}, 1000)';
const running: Supervisor[] = [];

function start(...args: Parameters<typeof fakeSupervisor>) {
  const made = fakeSupervisor(...args);
  running.push(made.supervisor);
  return made;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
});

const stateOf = (supervisor: Supervisor, id: string) =>
  supervisor.status().find((component) => component.id === id);

describe('Supervisor', () => {
  it('kills a component that ignores the signal to stop, and all its children', async () => {
    const script = `
      process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn('sleep', ['1000']);
      console.log(child.pid);
      ${forever}`;
    const { dir, said, supervisor } = start([fakeSpec('server', script, { stopTimeoutMs: 200 })]);
    await supervisor.start();
    const log = path.join(dir, 'server.log');
    await waitUntil(() => existsSync(log) && readFileSync(log, 'utf8').includes('\n'), 5000);
    const grandchild = Number(readFileSync(log, 'utf8').trim());
    await supervisor.stop();
    expect(said).toContain('server did not stop in time and is killed');
    expect(await waitUntil(() => startTicksOf(grandchild) === null, 2000)).toBe(true);
  });

  it('ends what outlived a killed component, which may hold its output open, and starts anew', async () => {
    const script = `
      const child = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      console.log(child.pid);
      ${forever}`;
    const { dir, supervisor } = start([fakeSpec('ollama', script)]);
    await supervisor.start();
    const log = path.join(dir, 'ollama.log');
    await waitUntil(() => existsSync(log) && readFileSync(log, 'utf8').includes('\n'), 5000);
    const orphan = Number(readFileSync(log, 'utf8').trim());
    const before = stateOf(supervisor, 'ollama')?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    const again = () => {
      const now = stateOf(supervisor, 'ollama');
      return now?.ready === true && now.pid !== before;
    };
    const renewed = await waitUntil(again, 5000);
    const ended = startTicksOf(orphan) === null;
    if (!ended) process.kill(orphan, 'SIGKILL');
    expect([renewed, ended]).toEqual([true, true]);
  });

  it('says which one does not become ready, and does not wait for it for ever', async () => {
    const spec = fakeSpec('server', forever, {
      ready: never,
      readyTimeoutMs: 200,
    });
    const { supervisor } = start([spec]);
    expect(await supervisor.start()).toBe(false);
    expect(stateOf(supervisor, 'server')?.ready).toBe(false);
  });

  it('tries again, with growing pauses, what cannot be prepared or started', async () => {
    const pauses: number[] = [];
    const { supervisor } = start(
      [fakeSpec('server', 'process.exit(1)', { readyTimeoutMs: 20_000, ready: never })],
      {
        backoff: (attempt) => {
          pauses.push(attempt);
          return 10;
        },
      },
    );
    const starting = supervisor.start();
    await waitUntil(() => pauses.length >= 3, 20_000);
    await supervisor.stop();
    await starting;
    expect(pauses.slice(0, 3)).toEqual([0, 1, 2]);
  }, 30_000);

  it('forgets the failures of one that has run steadily', async () => {
    const pauses: number[] = [];
    const { supervisor } = start([fakeSpec('server', 'setTimeout(() => process.exit(1), 150)')], {
      steadyMs: 100,
      backoff: (attempt) => {
        pauses.push(attempt);
        return 10;
      },
    });
    await supervisor.start();
    await waitUntil(() => pauses.length >= 3, 20_000);
    expect(new Set(pauses)).toEqual(new Set([0]));
  }, 30_000);

  it('starts again what was killed', async () => {
    const { supervisor } = start([fakeSpec('server', forever)]);
    await supervisor.start();
    const before = stateOf(supervisor, 'server')?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    const back = () => {
      const now = stateOf(supervisor, 'server');
      return now?.ready === true && now.pid !== before;
    };
    expect(await waitUntil(back, 5000)).toBe(true);
    expect(stateOf(supervisor, 'server')?.restarts).toBe(1);
  });

  it('starts each after what it needs, and stops in the opposite order', async () => {
    const order: string[] = [];
    const note = (id: string) => `
      const fs = require('node:fs');
      const say = (what) => fs.appendFileSync(process.env.ORDER, what + ' ${id}\\n');
      say('start');
      process.on('SIGTERM', () => { say('stop'); process.exit(0); });
      ${forever}`;
    const file = path.join(start([]).dir, 'order');
    const over = { env: { ORDER: file }, ready: { kind: 'process', livedMs: 300 } } as const;
    const { supervisor } = start([
      fakeSpec('server', note('server'), { ...over, after: ['postgresql', 'openbao'] }),
      fakeSpec('openbao', note('openbao'), over),
      fakeSpec('postgresql', note('postgresql'), over),
    ]);
    expect(await supervisor.start()).toBe(true);
    await supervisor.stop();
    order.push(...readFileSync(file, 'utf8').trim().split('\n'));
    expect(order[2]).toBe('start server');
    expect(order[3]).toBe('stop server');
    expect(order).toHaveLength(6);
  });

  it('starts nothing any more once it was told to stop, even what waited for others', async () => {
    const { supervisor } = start([
      fakeSpec('server', forever, { after: ['postgresql'] }),
      fakeSpec('postgresql', forever, { ready: { kind: 'process', livedMs: 400 } }),
    ]);
    const starting = supervisor.start();
    await sleep(100);
    await supervisor.stop();
    await starting;
    await sleep(100);
    expect(supervisor.status().map(({ pid }) => pid)).toEqual([null, null]);
  });

  it('starts each once, however many ask for it at the same time', async () => {
    const script = `require('node:fs').appendFileSync(process.env.STARTS, 'x'); ${forever}`;
    const file = path.join(start([]).dir, 'starts');
    const { supervisor } = start([
      fakeSpec('server', script, { after: ['postgresql'], env: { STARTS: file } }),
      fakeSpec('postgresql', forever, { ready: { kind: 'process', livedMs: 300 } }),
    ]);
    await Promise.all([supervisor.start(), supervisor.start(['server']), supervisor.start()]);
    await waitUntil(() => existsSync(file), 5000);
    await sleep(300);
    expect(readFileSync(file, 'utf8')).toBe('x');
  });

  it('gives its processes nothing of its own environment', async () => {
    const { dir, supervisor } = start([
      fakeSpec('server', `console.log(JSON.stringify(process.env)); ${forever}`, {
        env: { A: 'b' },
      }),
    ]);
    await supervisor.start();
    const log = path.join(dir, 'server.log');
    await waitUntil(() => existsSync(log), 5000);
    await sleep(50);
    expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual({ A: 'b' });
  });
});
