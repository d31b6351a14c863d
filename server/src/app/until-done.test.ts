import { describe, expect, it } from '@jest/globals';
import { AppError, VaultError, type Log } from '../platform/index.ts';
import { untilDone } from './until-done.ts';

describe('untilDone', () => {
  const said: string[] = [];
  const log = { warn: (message: string) => void said.push(message) } as unknown as Log;
  const failing = (
    times: number,
    fault = (n: number): Error => new AppError('unavailable', `not ready ${n}`),
  ) => {
    let calls = 0;
    return {
      calls: () => calls,
      work: (): Promise<string> => {
        calls += 1;
        return calls > times ? Promise.resolve('done') : Promise.reject(fault(calls));
      },
    };
  };

  it('throws at once what waiting does not mend', async () => {
    const broken = failing(Infinity, () => new Error('the ledger was changed'));
    const start = { log, what: 'a part', work: broken.work, pauseMs: 5 };
    await expect(untilDone(start)).rejects.toThrow('the ledger was changed');
    expect(broken.calls()).toBe(1);
  });

  it('throws the last error when its patience ends, and tries no more', async () => {
    const never = failing(Infinity);
    const start = { log, what: 'a part', work: never.work, patienceMs: 60, pauseMs: 20 };
    await expect(untilDone(start)).rejects.toThrow(/^not ready [2-4]$/);
    const { calls } = never;
    const before = calls();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls()).toBe(before);
  });

  it('goes on when the part has come up, and says what it waited for', async () => {
    said.length = 0;
    const { work, calls } = failing(3, (n) => new VaultError(400, `not ready ${n}`, undefined));
    await expect(untilDone({ log, what: 'a part', work, pauseMs: 5 })).resolves.toBe('done');
    expect(calls()).toBe(4);
    expect(said).toHaveLength(3);
  });
});
