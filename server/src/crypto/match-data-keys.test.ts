import { describe, expect, it } from '@jest/globals';
import { VaultError, type KeyBackend } from '../platform/index.ts';
import { matchDataKeys } from './match-data-keys.ts';

const tenant = '01900000-0000-7000-8000-000000000001';
/** Wrapped text → the key in it; whatever else is refused, as an older wrapping version is. */
function backendOf(opens: Record<string, string>): KeyBackend {
  const unwrap: KeyBackend['unwrap'] = (_place, wrapped) =>
    wrapped.every((one) => one in opens)
      ? Promise.resolve(wrapped.map((one) => Buffer.from((opens[one] ?? '').padEnd(32))))
      : Promise.reject(new VaultError(400, 'ciphertext or key version is disallowed', null));
  return { unwrap } as KeyBackend;
}
const key = (
  version: number,
  wrapped: string,
  state: 'current' | 'old' | 'retired' = 'current',
) => ({
  ...{ version, wrapped, state },
});
const match = (opens: Record<string, string>, live: object[], saved: object[]) =>
  matchDataKeys(backendOf(opens), tenant, { live, saved } as Parameters<typeof matchDataKeys>[2]);

describe('the data keys of a backup', () => {
  it('ENC-03: are refused when one was retired and its wrapping opens no longer', async () => {
    const live = [key(1, '', 'retired'), key(2, 'b2')];
    await expect(match({ b2: 'two' }, live, [key(1, 'b1')])).rejects.toThrow('opens no longer');
  });

  it('ENC-03: are refused when a version is another key today', async () => {
    const opens = { b1: 'one', c1: 'other' };
    await expect(match(opens, [key(1, 'c1')], [key(1, 'b1')])).rejects.toThrow('another history');
  });

  it('ENC-03: stay where they are when they were only wrapped anew', async () => {
    expect(await match({ b1: 'one', c1: 'one' }, [key(1, 'c1')], [key(1, 'b1')])).toEqual([]);
    expect(await match({ c1: 'one' }, [key(1, 'c1')], [key(1, 'b1')])).toEqual([]);
    expect(await match({}, [key(1, 'b1')], [key(1, 'b1')])).toEqual([]);
  });

  it('ENC-03: come back when they were retired since, and open', async () => {
    const live = [key(1, '', 'retired'), key(2, 'b2')];
    const saved = [key(1, 'b1'), key(3, '', 'retired')];
    expect(await match({ b1: 'one' }, live, saved)).toEqual([1]);
  });
});
