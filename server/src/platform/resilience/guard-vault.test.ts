import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppError } from '../app-error.ts';
import { VaultError, type VaultClient, type VaultData } from '../vault/vault-client.ts';
import { createBreaker } from './breaker.ts';
import { guardVault } from './guard-vault.ts';

const away = (): AppError =>
  new AppError('unavailable', 'The key service does not answer', { retryAfterSeconds: 5 });

describe('the guarded key service', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Fails with these errors in turn, then answers. */
  function setUp(...errors: Error[]) {
    let calls = 0;
    const answer = (): Promise<VaultData> => {
      const error = errors[calls];
      calls += 1;
      return error ? Promise.reject(error) : Promise.resolve({ ok: true });
    };
    const client: VaultClient = {
      read: answer,
      write: answer,
      remove: async () => {
        await answer();
      },
      calls: () => calls,
      answeredAt: () => -Infinity,
    };
    const breaker = createBreaker({ message: 'The key service is away', openMs: 30_000 });
    const vault = guardVault(client, breaker);
    const settle = async (call: Promise<unknown>): Promise<unknown> => {
      const outcome = call.catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(10_000);
      return outcome;
    };
    return { vault, breaker, settle, calls: () => calls };
  }

  it('RES-02: what computes is repeated; what changes a key is not', async () => {
    for (const path of [
      'transit/decrypt/a',
      'tenant-1/transit/datakey/wrapped/a',
      'transit/sign/a/x',
    ]) {
      const { vault, settle, calls } = setUp(away());
      expect(await settle(vault.write(path, {}))).toEqual({ ok: true });
      expect(calls()).toBe(2);
    }
    for (const path of ['transit/keys/a/rotate', 'kv/data/x', 'sys/namespaces/a/unseal']) {
      const { vault, settle, calls } = setUp(away());
      expect(await settle(vault.write(path, {}))).toBeInstanceOf(AppError);
      expect(calls()).toBe(1);
    }
  });

  it('RES-02: a breaker that opens ends the tries', async () => {
    const { vault, settle, calls, breaker } = setUp(away(), away(), away(), away(), away(), away());
    await settle(vault.read('x'));
    expect(calls()).toBe(4);
    const refused = await settle(vault.read('x'));
    expect(refused).toMatchObject({ name: 'BreakerOpen', status: 503 });
    expect(calls()).toBe(5);
    expect(breaker.view().state).toBe('open');
    let outcome: unknown = 'still trying';
    void vault.read('x').catch((error: unknown) => (outcome = error));
    // No time passes: a second try would wait for it.
    await jest.advanceTimersByTimeAsync(0);
    expect(outcome).toMatchObject({ name: 'BreakerOpen' });
  });

  it('RES-01: a refusal is given on at once and opens nothing', async () => {
    const refusals = Array.from({ length: 6 }, () => new VaultError(403, 'no', undefined));
    const { vault, settle, calls, breaker } = setUp(...refusals);
    for (let call = 0; call < 6; call += 1)
      expect(await settle(vault.read('x'))).toBeInstanceOf(VaultError);
    expect(calls()).toBe(6);
    expect(breaker.view().state).toBe('closed');
  });

  it('RES-01: a sealed one is told apart from one that is away', async () => {
    const sealed = new AppError('unavailable', 'away', {
      cause: { response: { statusCode: 503 } },
    });
    const { vault, settle } = setUp(sealed, sealed, sealed, sealed);
    expect(await settle(vault.read('x'))).toMatchObject({
      status: 503,
      retryAfterSeconds: 30,
      message: expect.stringContaining('sealed') as unknown,
    });
  });
});
