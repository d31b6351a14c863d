import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { startWalk } from './start-walk.ts';

const log = createLog({ level: 'error', fields: {}, silent: true });

describe('a walk over all tenants', () => {
  it('goes on behind a visit that fails, and begins again no sooner than it may', async () => {
    const visits: string[] = [];
    const walk = startWalk({
      list: () => Promise.resolve(['a', 'b', 'c']),
      visit: (id) => {
        visits.push(id);
        return id === 'b' ? Promise.reject(new Error('closed')) : Promise.resolve();
      },
      everyMs: 400,
      log,
      what: 'a test',
      pauseMs: { first: 1, later: 1 },
    });
    await pause(200);
    expect(visits).toEqual(['a', 'b', 'c']);
    await pause(400);
    expect(visits).toHaveLength(6);
    await walk.stop();
    await pause(450);
    expect(visits).toHaveLength(6);
  });

  it('keeps its pace however many there are, and ends in the middle', async () => {
    let visits = 0;
    const walk = startWalk({
      list: () => Promise.resolve(Array.from({ length: 10_000 }, (_, n) => String(n))),
      visit: () => Promise.resolve(visits++),
      everyMs: 0,
      log,
      what: 'a test',
      pauseMs: { first: 20, later: 20 },
    });
    await pause(300);
    await walk.stop();
    expect(visits).toBeGreaterThan(2);
    expect(visits).toBeLessThanOrEqual(16);
  });

  it('asks again when the list cannot be had', async () => {
    let asked = 0;
    const walk = startWalk({
      list: () => Promise.reject(new Error(`away ${(asked += 1)}`)),
      visit: () => Promise.resolve(),
      everyMs: 20,
      log,
      what: 'a test',
    });
    await pause(200);
    await walk.stop();
    expect(asked).toBeGreaterThan(2);
  });
});
