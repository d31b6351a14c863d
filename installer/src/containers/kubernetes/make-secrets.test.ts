import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SecretData, SecretStore } from './api.ts';
import { ensureSecrets, type WantedSecret } from './make-secrets.ts';

const wanted: readonly WantedSecret[] = [
  { name: 'seal', kind: 'seal' },
  { name: 'rotator', kind: 'password', account: 'casemate_rotator' },
  { name: 'metrics', kind: 'token' },
  { name: 'db-tls', kind: 'tls', hosts: ['db.chambers.svc'] },
  { name: 'client-tls', kind: 'tls', hosts: ['server.chambers.svc'], client: true },
];
const request = { authority: 'authority', labels: {}, secrets: wanted };
const DAY_MS = 86_400_000;

/** Secrets in memory; one that is there is replaced only when asked. */
function memoryStore(): SecretStore & { all: Map<string, SecretData> } {
  const all = new Map<string, SecretData>();
  return {
    all,
    find: (name) => Promise.resolve(all.get(name) ?? null),
    create: (name, data) => {
      if (all.has(name)) return Promise.reject(new Error(`${name} is there`));
      all.set(name, data);
      return Promise.resolve();
    },
    replace: (name, data) => {
      all.set(name, { ...all.get(name), ...data });
      return Promise.resolve();
    },
  };
}

const wantedOnce = ['seal', 'rotator', 'metrics'];
const textsOf = (data: SecretData): Record<string, string> =>
  Object.fromEntries(
    Object.entries(data).map(([name, text]) => [name, Buffer.from(text, 'base64').toString()]),
  );
const certificateOf = (store: ReturnType<typeof memoryStore>, name: string): X509Certificate =>
  new X509Certificate(Buffer.from(store.all.get(name)?.['tls.crt'] ?? '', 'base64'));

describe('the secrets of a cluster', () => {
  it('ENC-09: never draws a seal key or a password again', async () => {
    const store = memoryStore();
    await ensureSecrets(store, request, new Date());
    const before = structuredClone(wantedOnce.map((name) => store.all.get(name)));
    expect(Buffer.from(before[0]?.['seal.key'] ?? '', 'base64')).toHaveLength(32);
    const done = await ensureSecrets(store, request, new Date(Date.now() + 390 * DAY_MS));
    expect(wantedOnce.map((name) => store.all.get(name))).toEqual(before);
    const [, rotator, metrics] = before.map((data) => textsOf(data ?? {}));
    expect(rotator?.['sql']).toBe(
      `create role casemate_rotator login password '${rotator?.['password']}';\n`,
    );
    expect(metrics?.['token']).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(done)).toEqual(['db-tls', 'client-tls']);
  });

  it('leaves good certificates alone, and renews those that end or lack a name', async () => {
    const store = memoryStore();
    await ensureSecrets(store, request, new Date());
    expect(await ensureSecrets(store, request, new Date())).toEqual({});
    const moved = { ...request, secrets: [{ ...wanted[3], hosts: ['other.svc'] } as WantedSecret] };
    expect(await ensureSecrets(store, moved, new Date())).toEqual({
      'db-tls': 'it does not cover other.svc',
    });
    const later = new Date(Date.now() + 370 * DAY_MS);
    expect((await ensureSecrets(store, request, later))['client-tls']).toMatch(/ends in \d+ days/);
  });

  it('NET-03: issues servers and clients apart, all by the one authority', async () => {
    const store = memoryStore();
    await ensureSecrets(store, request, new Date());
    const ca = Buffer.from(store.all.get('authority')?.['ca.crt'] ?? '', 'base64');
    const authority = new X509Certificate(ca);
    const [server, client] = ['db-tls', 'client-tls'].map((name) => certificateOf(store, name));
    expect(server?.verify(authority.publicKey)).toBe(true);
    expect(client?.verify(authority.publicKey)).toBe(true);
    expect(server?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(client?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(server?.checkHost('db.chambers.svc')).toBe('db.chambers.svc');
  });
});
