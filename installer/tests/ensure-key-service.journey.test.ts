import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDir } from '../src/host/write-file.ts';
import { startChild } from '../src/test-parts/start-child.ts';
import { unprivileged } from '../src/test-parts/unprivileged.ts';
import { startVaultPart } from '../src/test-parts/vault-part.ts';
import { ensureKeyService, findChanges } from '../src/vault/ensure-key-service.ts';
import { readCredential } from '../src/vault/log-in.ts';
import { requestVault } from '../src/vault/request.ts';
import type { selfInitConfig } from '../src/vault/self-init.ts';

const recorded = readFileSync(
  path.join(import.meta.dirname, 'recorded/self-init-0.1.0.hcl'),
  'utf8',
);

/** What version 0.1.0 told its key service to become. */
const firstRelease: typeof selfInitConfig = ({ roleIds, secretIdFiles }) => {
  const values = { ...prefixed('role-id', roleIds), ...prefixed('secret-id', secretIdFiles) };
  return recorded.replaceAll(/@([a-z-]+)@/g, (_mark, name: string) => values[name] ?? '');
};
const prefixed = (prefix: string, record: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}-${name}`, value]));

describe('a key service of the first release', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cm-'));
  let vault: Awaited<ReturnType<typeof startVaultPart>>;
  const written: string[] = [];

  beforeAll(async () => {
    const runAs = unprivileged();
    await ensureDir(dir, { mode: runAs ? 0o711 : 0o700 });
    const place = { dir, cacheDir: undefined, runAs, launch: startChild };
    vault = await startVaultPart(place, firstRelease);
  }, 60_000);
  afterAll(() => vault.stop());

  const options = async () => ({
    socketPath: vault.socket,
    operator: await readCredential(vault.operatorFile),
    writeRoleId: (role: string) => {
      written.push(role);
      return Promise.resolve();
    },
  });
  const ask = async (call: { method: 'GET' | 'POST' | 'LIST'; path: string; body?: unknown }) =>
    requestVault({ socketPath: vault.socket, token: await vault.operatorToken(), ...call });

  it('lacks what came later', async () => {
    const what = (await findChanges(await options())).map((change) => change.what);
    expect(what).toEqual(expect.arrayContaining(['engine casemate-pki', 'policy of operator']));
  });

  it('is brought up to date, loses nothing, and is left alone the next time', async () => {
    await ask({ method: 'POST', path: 'kv/data/database/kept', body: { data: { a: '1' } } });
    const keys = async () =>
      (await ask({ method: 'LIST', path: 'transit/keys' })).body.data?.['keys'];
    const before = (await keys()) as string[];
    const changes = await ensureKeyService(await options());
    expect(changes.length).toBeGreaterThanOrEqual(3);
    expect(await keys()).toEqual(expect.arrayContaining(before));
    expect((await ask({ method: 'GET', path: 'kv/metadata/database/kept' })).status).toBe(200);
    expect(await findChanges(await options())).toEqual([]);
    expect(await ensureKeyService(await options())).toEqual([]);
  });

  it('takes up where an upgrade was interrupted', async () => {
    const policy = 'path "kv/data/database/migrator" { capabilities = ["read"] }';
    await ask({ method: 'POST', path: 'sys/policies/acl/casemate-migrator', body: { policy } });
    const what = (await ensureKeyService(await options())).map((change) => change.what);
    expect(what).toEqual(['policy of migrator']);
  });

  it('keeps the id of a role whose settings change, and gives an id to a role that is missing', async () => {
    await ask({ method: 'POST', path: 'auth/approle/role/server', body: { token_ttl: '5m' } });
    await ensureKeyService(await options());
    expect(written).toEqual([]);
    await requestVault({
      socketPath: vault.socket,
      token: await vault.operatorToken(),
      method: 'DELETE',
      path: 'auth/approle/role/migrator',
    });
    await ensureKeyService(await options());
    expect(written).toEqual(['migrator']);
    expect(await findChanges(await options())).toEqual([]);
  });
});
