import { generateKeyPairSync, sign, type KeyPairKeyObjectResult } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, VaultError, type VaultClient } from '../platform/index.ts';
import { createAccessTokens, type AccessTokens } from './access-token.ts';

const MINUTE = 60_000;
const claims = { accountId: 'account', sessionId: 'session' };

/** The signing key of the key service, with versions that come and go. */
class FakeTransit {
  readonly versions = new Map<number, KeyPairKeyObjectResult>();
  away = false;
  reads = 0;
  readonly client: VaultClient = {
    calls: () => 0,
    remove: () => Promise.reject(new Error('not asked')),
    read: async () => {
      this.reads += 1;
      await this.answering();
      const keys = [...this.versions].map(([version, { publicKey }]) => [
        String(version),
        { public_key: publicKey.export({ type: 'spki', format: 'pem' }) },
      ]);
      return { keys: Object.fromEntries(keys) as unknown };
    },
    write: async (_path, { input, key_version }) => {
      await this.answering();
      const pair = this.versions.get(key_version as number);
      if (!pair) throw new VaultError(400, 'no such version', undefined);
      const text = Buffer.from(String(input), 'base64');
      return { signature: `vault:v1:${sign('sha256', text, pair.privateKey).toString('base64')}` };
    },
  };

  rotate(): void {
    const version = Math.max(0, ...this.versions.keys()) + 1;
    this.versions.set(version, generateKeyPairSync('rsa', { modulusLength: 2048 }));
  }
  private answering(): Promise<void> {
    return this.away
      ? Promise.reject(new AppError('unavailable', 'The key service does not answer'))
      : Promise.resolve();
  }
}

describe('access tokens', () => {
  let transit: FakeTransit;
  let time: number;
  let tokens: AccessTokens;
  const issue = async (from = tokens): Promise<string> => (await from.issue(claims)).accessToken;
  const another = (): AccessTokens => createAccessTokens(transit.client, () => time);

  beforeEach(() => {
    transit = new FakeTransit();
    transit.rotate();
    time = Date.now();
    tokens = another();
  });

  it('SES-01: a token whose key version was withdrawn is refused, though it was verified before', async () => {
    const token = await issue();
    await expect(tokens.verify(token)).resolves.toMatchObject(claims);
    transit.rotate();
    transit.versions.delete(1);
    time += 6 * MINUTE;
    await tokens.keySet();
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('SES-01: the withdrawal is noticed when only known tokens are presented', async () => {
    const token = await issue();
    await tokens.verify(token);
    transit.rotate();
    transit.versions.delete(1);
    time += 6 * MINUTE;
    await tokens.verify(token);
    await new Promise((done) => setTimeout(done, 100));
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('a token of an unknown key version makes it read the keys again, but not for each forgery', async () => {
    await tokens.keySet();
    transit.rotate();
    const token = await issue(another());
    transit.reads = 0;
    await expect(tokens.verify(token)).resolves.toMatchObject(claims);
    const [, body, signature] = token.split('.');
    for (let kid = 10; kid < 20; kid += 1) {
      const header = { alg: 'RS256', typ: 'at+jwt', kid: `v${kid}` };
      const forged = Buffer.from(JSON.stringify(header)).toString('base64url');
      await expect(
        tokens.verify(`${forged}.${body ?? ''}.${signature ?? ''}`),
      ).rejects.toMatchObject({ code: 'unauthenticated' });
    }
    expect(transit.reads).toBe(1);
  });

  it('verification goes on with the last keys while the key service is away', async () => {
    const token = await issue();
    await tokens.keySet();
    transit.away = true;
    time += 6 * MINUTE;
    await expect(tokens.verify(token)).resolves.toMatchObject(claims);
    await expect(another().verify(token)).rejects.toMatchObject({ code: 'unavailable' });
    transit.away = false;
    await expect(tokens.verify(await issue())).resolves.toMatchObject(claims);
  });
});
