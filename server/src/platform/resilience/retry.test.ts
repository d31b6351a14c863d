import { describe, expect, it } from '@jest/globals';
import { AppError } from '../app-error.ts';
import { BreakerOpen, callBehind, createBreaker } from './breaker.ts';
import { createDeadline } from './deadline.ts';
import { retry } from './retry.ts';

const always = (): boolean => true;

/** Fails so often, then answers; notes the pauses instead of waiting. */
function setUp(failures: number, error: Error = new Error('away')) {
  const pauses: number[] = [];
  let calls = 0;
  return {
    pauses,
    calls: () => calls,
    pause: (ms: number) => Promise.resolve(void pauses.push(ms)),
    work: () => {
      calls += 1;
      return calls <= failures ? Promise.reject(error) : Promise.resolve('done');
    },
  };
}

describe('the retry', () => {
  it('RES-02: tries again after half a second, one and two, a quarter more or less', async () => {
    for (const random of [0, 0.5, 1]) {
      const { work, pause, pauses } = setUp(3);
      await expect(retry(work, { mayRepeat: always, pause, random: () => random })).resolves.toBe(
        'done',
      );
      const factor = 0.75 + random / 2;
      expect(pauses).toEqual([500 * factor, 1_000 * factor, 2_000 * factor]);
    }
  });

  it('RES-02: gives up with the last error after the fourth try', async () => {
    const { work, pause, calls } = setUp(10, new Error('the last'));
    await expect(retry(work, { mayRepeat: always, pause })).rejects.toThrow('the last');
    expect(calls()).toBe(4);
  });

  it('RES-02: what may not be repeated is not', async () => {
    const { work, pause, calls } = setUp(1);
    await expect(retry(work, { mayRepeat: () => false, pause })).rejects.toThrow('away');
    expect(calls()).toBe(1);
  });

  it('RES-02: each try counts towards the breaker, and an open breaker ends the tries', async () => {
    const breaker = createBreaker({ message: 'away', openMs: 30_000, now: () => 0 });
    const { work, pause, calls } = setUp(100);
    const once = (): Promise<string> =>
      retry(() => callBehind(breaker, () => 'failure', work), {
        mayRepeat: (error) => !(error instanceof BreakerOpen),
        pause,
      });
    await expect(once()).rejects.toThrow('away');
    expect(calls()).toBe(4);
    await expect(once()).rejects.toBeInstanceOf(BreakerOpen);
    expect(calls()).toBe(5);
  });

  it('RES-02: never waits past the deadline, and stops when the caller has gone', async () => {
    const late = setUp(3);
    const deadline = createDeadline(600, () => 0);
    await expect(
      retry(late.work, { mayRepeat: always, pause: late.pause, deadline, random: () => 1 }),
    ).rejects.toThrow('away');
    expect(late.calls()).toBe(1);
    const gone = setUp(3);
    const signal = AbortSignal.abort(new AppError('unavailable', 'gone'));
    await expect(
      retry(gone.work, { mayRepeat: always, pause: gone.pause, signal }),
    ).rejects.toThrow('away');
    expect(gone.calls()).toBe(1);
  });
});
