import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readTokenPepper } from './token-pepper.ts';
import { VaultError, type VaultClient, type VaultData } from './vault-client.ts';

const vaultWith = (answer: () => Promise<VaultData>): VaultClient =>
  ({ write: answer }) as unknown as VaultClient;
const pepperOf = (byte: number): ReturnType<typeof readTokenPepper> =>
  readTokenPepper(
    vaultWith(() =>
      Promise.resolve({ hmac: `vault:v1:${Buffer.alloc(32, byte).toString('base64')}` }),
    ),
  );

describe('the pepper of tokens', () => {
  it.each([
    ['the key is missing', () => Promise.reject(new VaultError(400, 'no key', undefined))],
    ['the program may not ask', () => Promise.reject(new VaultError(403, 'denied', undefined))],
    ['the answer is none', () => Promise.resolve({ hmac: 'vault:v1:' })],
  ])('SES-02: stops the start in plain words where %s', async (_why, answer) => {
    await expect(readTokenPepper(vaultWith(answer))).rejects.toThrow(/holds no key `token-pepper`/);
  });

  it('SES-02: gives each key and each purpose other values, and equal ones for the same', async () => {
    const [one, same, other] = [await pepperOf(1), await pepperOf(1), await pepperOf(2)];
    const mac = one.mac('refresh-token', 'a');
    expect(mac).toHaveLength(32);
    expect(same.mac('refresh-token', 'a')).toEqual(mac);
    for (const value of [
      other.mac('refresh-token', 'a'),
      one.mac('setup-link', 'a'),
      one.mac('refresh-token', 'b'),
      createHash('sha256').update('a').digest(),
    ])
      expect(value).not.toEqual(mac);
  });
});
