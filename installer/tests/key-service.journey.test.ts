import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInAs } from '../src/test-parts/read-password.ts';
import { startParts } from '../src/test-parts/start-parts.ts';
import type { Parts } from '../src/test-parts/start-parts.ts';
import { requestVault } from '../src/vault/request.ts';
import type { VaultRequest } from '../src/vault/request.ts';

type Call = Pick<VaultRequest, 'method' | 'path'> & { body?: unknown };

const tenantKey = `tenant-${'0'.repeat(31)}1`;
const context = Buffer.from('documents').toString('base64');
const plaintext = Buffer.from('secret').toString('base64');

let parts: Parts;
const tokens = new Map<string, string>();
const dir = mkdtempSync(path.join(tmpdir(), 'cm-'));

async function statusOf(role: string, call: Call): Promise<number> {
  const token = tokens.get(role) ?? '';
  const { status } = await requestVault({ socketPath: parts.vault.socket, token, ...call });
  return status;
}

/** The process that was started with this configuration file. */
function pidOf(configFile: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes(configFile);
  });
  return Number(found);
}

/** The TCP ports it listens on. Source: proc_pid_net(5), state 0A. */
function listeningPorts(pid: number): number[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    const link = `/proc/${pid}/fd/${fd}`;
    return lstatSync(link, { throwIfNoEntry: false }) ? readlinkSync(link) : '';
  });
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && sockets.includes(`socket:[${fields[9] ?? ''}]`))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
}

beforeAll(async () => {
  parts = await startParts({ dir, with: ['postgresql', 'openbao'] });
  for (const role of ['server', 'provisioner', 'migrator'] as const) {
    tokens.set(role, await signInAs(parts.vault, role));
  }
  tokens.set('operator', await parts.vault.operatorToken());
  await statusOf('provisioner', {
    method: 'POST',
    path: `transit/keys/${tenantKey}`,
    body: { type: 'aes256-gcm96', derived: true },
  });
}, 60_000);

afterAll(() => parts.stop());

const create: Call = { method: 'POST', path: `transit/keys/tenant-${'0'.repeat(31)}2`, body: {} };
const upsert: Call = {
  method: 'POST',
  path: `transit/encrypt/tenant-${'0'.repeat(31)}3`,
  body: { plaintext, context },
};
const passwordOf = (role: string): Call => ({
  method: 'GET',
  path: `casemate-database/static-creds/casemate_${role}`,
});
const secretId: Call = { method: 'POST', path: 'auth/approle/role/server/secret-id', body: {} };

const rotateSigning: Call = {
  method: 'POST',
  path: 'transit/keys/token-signing/rotate',
  body: {},
};
const rotatePassword: Call = {
  method: 'POST',
  path: 'casemate-database/rotate-role/casemate_migrator',
  body: {},
};
const rewrap: Call = { method: 'POST', path: 'sys/rotate/root', body: {} };

describe('the key service refuses', () => {
  it.each<[string, string, Call]>([
    ['the server to create a key', 'server', create],
    ['the server to create one by encrypting with it', 'server', upsert],
    [
      'the server to delete a tenant key',
      'server',
      { ...create, method: 'DELETE', path: `transit/keys/${tenantKey}` },
    ],
    ['the server the password of the provisioner', 'server', passwordOf('provisioner')],
    ['the server the password of the migrator', 'server', passwordOf('migrator')],
    [
      'SES-01: the server to export the signing key',
      'server',
      { method: 'GET', path: 'transit/export/signing-key/token-signing' },
    ],
    [
      'SES-01: the server to allow that export',
      'server',
      { method: 'POST', path: 'transit/keys/token-signing/config', body: { exportable: true } },
    ],
    ['the server a secret-id', 'server', secretId],
    [
      'the provisioner to read what tenants encrypted',
      'provisioner',
      { method: 'POST', path: `transit/decrypt/${tenantKey}`, body: {} },
    ],
    [
      'the provisioner to sign tokens',
      'provisioner',
      { method: 'POST', path: 'transit/sign/token-signing', body: { input: plaintext } },
    ],
    [
      'the provisioner to delete the key of the proofs',
      'provisioner',
      { method: 'DELETE', path: 'transit/keys/tenant-proof' },
    ],
    [
      'the provisioner to make that key deletable',
      'provisioner',
      {
        method: 'POST',
        path: 'transit/keys/tenant-proof/config',
        body: { deletion_allowed: true },
      },
    ],
    ['the provisioner the password of the server', 'provisioner', passwordOf('server')],
    [
      'the migrator a tenant key',
      'migrator',
      { method: 'POST', path: `transit/datakey/plaintext/${tenantKey}`, body: { context } },
    ],
    ['the operator to read a password back', 'operator', passwordOf('server')],
    [
      'the operator to make a root token',
      'operator',
      { method: 'POST', path: 'auth/token/create', body: { policies: ['root'] } },
    ],
    [
      'the operator to change the audit',
      'operator',
      { method: 'DELETE', path: 'sys/audit/audit-1' },
    ],
    [
      'ENC-04: the server to encrypt under a wrapping key',
      'server',
      { method: 'POST', path: `transit/encrypt/${tenantKey}`, body: { plaintext, context } },
    ],
    [
      'ENC-04: the server to draw a data key',
      'server',
      { method: 'POST', path: `transit/datakey/plaintext/${tenantKey}`, body: { context } },
    ],
    ['SEC-03: the server to rotate the signing key', 'server', rotateSigning],
    ['SEC-03: the server to rotate a password', 'server', rotatePassword],
    ['SEC-03: the migrator to rotate a password', 'migrator', rotatePassword],
    ['SEC-03: the operator to rotate the signing key', 'operator', rotateSigning],
    [
      'SES-01: the provisioner to make the signing key exportable',
      'provisioner',
      {
        method: 'POST',
        path: 'transit/keys/token-signing/config',
        body: { exportable: true, min_decryption_version: 1 },
      },
    ],
    [
      'SES-01: the provisioner to delete the signing key',
      'provisioner',
      { method: 'DELETE', path: 'transit/keys/token-signing' },
    ],
    [
      'ENC-07: the provisioner to see what sets the passwords',
      'provisioner',
      { method: 'GET', path: 'casemate-database/config/casemate' },
    ],
    ['ENC-07: the provisioner to wrap the root key anew', 'provisioner', rewrap],
    ['ENC-07: the server to wrap the root key anew', 'server', rewrap],
    [
      'NET-01: the server to have a certificate signed',
      'server',
      { method: 'POST', path: 'casemate-pki/sign/dashboard', body: { csr: 'x' } },
    ],
    [
      'NET-01: the operator to take the key of the authority out',
      'operator',
      { method: 'POST', path: 'casemate-pki/root/generate/exported', body: {} },
    ],
    [
      'the operator a secret-id of the server',
      'operator',
      {
        method: 'POST',
        path: 'auth/approle/role/server/custom-secret-id',
        body: { secret_id: 'x' },
      },
    ],
    ['anybody without a token', 'nobody', passwordOf('server')],
  ])('%s', async (_what, role, call) => {
    expect(await statusOf(role, call)).toBe(403);
  });

  it('the issuer to have a secret-id unwrapped', async () => {
    const credential = JSON.parse(readFileSync(path.join(dir, 'issuer.json'), 'utf8')) as {
      roleId: string;
      secretId: string;
    };
    const login = await requestVault({
      socketPath: parts.vault.socket,
      method: 'POST',
      path: 'auth/approle/login',
      body: { role_id: credential.roleId, secret_id: credential.secretId },
    });
    tokens.set('issuer', login.body.auth?.client_token ?? '');
    // 400, not 403: the policy demands a wrapping TTL for this path.
    expect([400, 403]).toContain(await statusOf('issuer', secretId));
  });

  it('a wrapped secret-id that was used before', async () => {
    const token = await parts.vault.issueWrapped('server');
    const unwrap = () =>
      requestVault({
        socketPath: parts.vault.socket,
        method: 'POST',
        path: 'sys/wrapping/unwrap',
        token,
      });
    expect((await unwrap()).status).toBe(200);
    expect((await unwrap()).status).toBe(400);
  });

  it('NET-02: every request over the loopback ports that its storage needs', async () => {
    const ports = listeningPorts(pidOf(path.join(dir, 'openbao', 'server.hcl')));
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) {
      await expect(fetch(`http://127.0.0.1:${port}/v1/sys/health`)).rejects.toThrow();
    }
  });
});

describe('the key service lets', () => {
  it.each<[string, string, Call]>([
    [
      'ENC-04: the provisioner draw a wrapped data key',
      'provisioner',
      { method: 'POST', path: `transit/datakey/wrapped/${tenantKey}`, body: { context } },
    ],
    [
      'the server sign a token',
      'server',
      {
        method: 'POST',
        path: 'transit/sign/token-signing',
        body: { input: plaintext, signature_algorithm: 'pkcs1v15' },
      },
    ],
    [
      'the server publish its public key',
      'server',
      { method: 'GET', path: 'transit/keys/token-signing' },
    ],
    [
      'the server prove a tenant',
      'server',
      { method: 'POST', path: 'transit/hmac/tenant-proof', body: { input: plaintext } },
    ],
    ['the server read its password', 'server', passwordOf('server')],
    ['the provisioner read its password', 'provisioner', passwordOf('provisioner')],
    ['the migrator read its password', 'migrator', passwordOf('migrator')],
    ['the operator see both audit devices', 'operator', { method: 'GET', path: 'sys/audit' }],
    ['SEC-03: the provisioner rotate the signing key', 'provisioner', rotateSigning],
    [
      'SEC-03: the provisioner withdraw an old version of it',
      'provisioner',
      {
        method: 'POST',
        path: 'transit/keys/token-signing/config',
        body: { min_decryption_version: 1 },
      },
    ],
    [
      'SEC-03: the server see how old a password is',
      'server',
      { method: 'GET', path: 'casemate-database/static-roles/casemate_migrator' },
    ],
  ])('%s', async (_what, role, call) => {
    expect(await statusOf(role, call)).toBe(200);
  });

  it.each<[string, string, Call]>([
    ['SEC-03: the provisioner rotate a password', 'provisioner', rotatePassword],
    ['SEC-03: the operator wrap the root key anew', 'operator', rewrap],
  ])('%s', async (_what, role, call) => {
    expect(await statusOf(role, call)).toBe(204);
  });

  it('the provisioner destroy the key of a tenant that goes', async () => {
    const keyPath = `transit/keys/${tenantKey}`;
    const allow = {
      method: 'POST',
      path: `${keyPath}/config`,
      body: { deletion_allowed: true },
    } as const;
    expect(await statusOf('provisioner', allow)).toBe(200);
    expect(await statusOf('provisioner', { method: 'DELETE', path: keyPath })).toBe(204);
  });

  it('the operator see that there are two audit devices', async () => {
    const { body } = await requestVault({
      socketPath: parts.vault.socket,
      method: 'GET',
      path: 'sys/audit',
      token: tokens.get('operator') ?? '',
    });
    expect(Object.keys(body.data ?? {}).sort()).toEqual(['audit-1/', 'audit-2/']);
  });
});
