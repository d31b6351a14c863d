import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { layoutFor } from '../instance/layout.ts';
import { verifyDaily } from './verify-daily.ts';

const layout = layoutFor({ dataDir: '/srv/casemate', asRoot: false, env: { HOME: '/home/test' } });
const HOUR = 3_600_000;

describe('the daily verification', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('TRU-01: comes soon after the start and then every day, and says what failed', async () => {
    const said: string[] = [];
    const codes = [0, 1];
    let asked = 0;
    const stop = verifyDaily(
      layout,
      (text) => said.push(text),
      () => Promise.resolve(codes[asked++] ?? 0),
    );
    await jest.advanceTimersByTimeAsync(HOUR);
    expect([asked, said]).toEqual([1, []]);
    await jest.advanceTimersByTimeAsync(24 * HOUR);
    expect(asked).toBe(2);
    expect(said).toEqual(['the verification of the controls ended with 1']);
    stop();
    await jest.advanceTimersByTimeAsync(72 * HOUR);
    expect(asked).toBe(2);
  });

  it('goes on after a verification that could not be made', async () => {
    const said: string[] = [];
    const stop = verifyDaily(
      layout,
      (text) => said.push(text),
      () => Promise.reject(new Error('no key service')),
    );
    await jest.advanceTimersByTimeAsync(25 * HOUR);
    expect(said).toHaveLength(2);
    stop();
  });
});
