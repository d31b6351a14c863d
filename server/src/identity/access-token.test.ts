import { generateKeyPairSync, sign, type KeyPairKeyObjectResult } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK } from 'jose';
import { AppError, VaultError, type VaultClient } from '../platform/index.ts';
import { createAccessTokens, type AccessTokens } from './access-token.ts';

const MINUTE = 60_000;
const claims = { accountId: 'account', sessionId: 'session' };

/** The signing key of the key service, with versions that come and go. */
class FakeTransit {
  readonly versions = new Map<number, KeyPairKeyObjectResult>();
  readonly madeAt = new Map<number, number>();
  away = false;
  reads = 0;
  readonly client: VaultClient = {
    calls: () => 0,
    answeredAt: () => -Infinity,
    remove: () => Promise.reject(new Error('not asked')),
    read: async () => {
      this.reads += 1;
      await this.answering();
      const keys = [...this.versions].map(([version, { publicKey }]) => [
        String(version),
        {
          public_key: publicKey.export({ type: 'spki', format: 'pem' }),
          creation_time: new Date(this.madeAt.get(version) ?? 0).toISOString(),
        },
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

  rotate(at = 0): void {
    const version = Math.max(0, ...this.versions.keys()) + 1;
    this.madeAt.set(version, at);
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
  /** Thumbprints in the database; null while it is away. */
  let gone: string[] | null;
  const withdrawn = (): Promise<ReadonlySet<string>> =>
    gone ? Promise.resolve(new Set(gone)) : Promise.reject(new AppError('unavailable', 'away'));
  const issue = async (from = tokens): Promise<string> => (await from.issue(claims)).accessToken;
  const another = (): AccessTokens =>
    createAccessTokens(transit.client, { now: () => time, withdrawn });

  const thumbprintOf = async (version: number): Promise<string> =>
    calculateJwkThumbprint(await exportJWK(transit.versions.get(version)!.publicKey));

  beforeEach(() => {
    transit = new FakeTransit();
    transit.rotate();
    time = Date.now();
    gone = [];
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
    time += 50_000;
    gone = [await thumbprintOf(1)];
    transit.away = true;
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

  it('SES-01: a new version is published ten minutes before it signs, and both verify', async () => {
    const old = await issue();
    transit.rotate(time);
    time += 9 * MINUTE;
    const { keys } = await tokens.keySet();
    expect(keys.map(({ kid }) => kid)).toEqual(['v1', 'v2']);
    expect(decodeProtectedHeader(await issue()).kid).toBe('v1');
    time += 2 * MINUTE;
    expect(decodeProtectedHeader(await issue()).kid).toBe('v2');
    await expect(tokens.verify(old)).resolves.toMatchObject(claims);
  });

  it.each([
    ['an hour late', -60, 'v1'],
    ['an hour early', 60, 'v2'],
  ])('a process whose clock is %s signs what the others verify', async (_how, minutes, kid) => {
    transit.rotate(time);
    const there = createAccessTokens(transit.client, {
      now: () => time + minutes * MINUTE,
      withdrawn,
    });
    const token = await issue(there);
    expect(decodeProtectedHeader(token).kid).toBe(kid);
    const verifier = createAccessTokens(transit.client, {
      now: () => time + minutes * MINUTE,
      withdrawn,
    });
    await expect(verifier.verify(token)).resolves.toMatchObject(claims);
  });

  it('signs on when the version at hand is withdrawn at once, as after a theft', async () => {
    await issue();
    transit.rotate(time);
    transit.versions.delete(1);
    expect(decodeProtectedHeader(await issue()).kid).toBe('v2');
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

  it('SES-01: a withdrawn version is refused while the key service is away, and another is not', async () => {
    const stolen = await issue();
    transit.rotate(time);
    time += 11 * MINUTE;
    const good = await issue();
    await Promise.all([tokens.verify(stolen), tokens.verify(good)]);
    transit.away = true;
    gone = [await thumbprintOf(1)];
    await tokens.refreshKeys();
    await expect(tokens.verify(stolen)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(tokens.verify(good)).resolves.toMatchObject(claims);
    expect((await tokens.keySet()).keys.map(({ kid }) => kid)).toEqual(['v2']);
  });

  it('SES-01: a key service restored from before gives a withdrawn version back to nobody', async () => {
    const stolen = await issue();
    gone = [await thumbprintOf(1)];
    await expect(another().verify(stolen)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(issue(another())).rejects.toMatchObject({ code: 'unavailable' });
    transit.rotate(time);
    const fresh = another();
    await expect(fresh.verify(await issue(fresh))).resolves.toMatchObject(claims);
  });

  it('SES-01: nothing is accepted when for a minute nobody could say what is withdrawn', async () => {
    const token = await issue();
    await tokens.verify(token);
    gone = null;
    time += 50_000;
    await expect(tokens.verify(token)).resolves.toMatchObject(claims);
    time += 11_000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
    gone = [];
    await expect(tokens.verify(token)).resolves.toMatchObject(claims);
  });

  it('SES-01: keys that nobody could read for 35 minutes verify nothing, not even what is freshly signed', async () => {
    await tokens.keySet();
    const thief = new FakeTransit();
    for (const [version, pair] of transit.versions) thief.versions.set(version, pair);
    const forge = createAccessTokens(thief.client, { now: () => time, withdrawn });
    transit.away = true;
    time += 34 * MINUTE;
    await expect(tokens.verify(await issue(forge))).resolves.toMatchObject(claims);
    time += 2 * MINUTE;
    await expect(tokens.verify(await issue(forge))).rejects.toMatchObject({ code: 'unavailable' });
    transit.away = false;
    await expect(tokens.verify(await issue())).resolves.toMatchObject(claims);
  });

  it('SES-01: a token of both audiences, of another one, or of another issuer is refused', async () => {
    const sign = async (changed: object): Promise<string> => {
      const [header = '', body = ''] = (await issue()).split('.');
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      const text = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...changed })).toString('base64url')}`;
      const { signature } = await transit.client.write('sign', {
        input: Buffer.from(text).toString('base64'),
        key_version: 1,
      });
      const raw = String(signature).split(':')[2] ?? '';
      return `${text}.${Buffer.from(raw, 'base64').toString('base64url')}`;
    };
    for (const changed of [
      { aud: ['casemate-api', 'casemate-mobile'] },
      { aud: ['casemate-mobile'] },
      { aud: 'casemate-web' },
      { aud: undefined },
      { iss: 'casemate-mobile' },
      { exp: undefined },
      { nbf: Math.floor(time / 1000) + 3_600 },
    ])
      await expect(tokens.verify(await sign(changed))).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    await expect(tokens.verify(await sign({}))).resolves.toMatchObject({ client: 'browser' });
    const mobile = await sign({ aud: 'casemate-mobile' });
    await expect(tokens.verify(mobile)).resolves.toMatchObject({ client: 'mobile' });
  });

  it('SES-01: a token of a phone ends after 30 minutes by the clock of whoever looks at it', async () => {
    const wish = { ...claims, client: 'mobile' } as const;
    const { accessToken } = await tokens.issue(wish);
    time += 30 * MINUTE - 2_000;
    await expect(tokens.verify(accessToken)).resolves.toMatchObject(wish);
    await expect(another().verify(accessToken)).resolves.toMatchObject(wish);
    time += 3_000;
    await expect(tokens.verify(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(another().verify(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
