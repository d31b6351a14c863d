import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  configSchema,
  createLog,
  createVault,
  VaultError,
  type Config,
  type VaultClient,
} from '../index.ts';

type Asked = { method: string; url: string; token: string | undefined };

/** A key service of few words, on a Unix socket, that remembers who called over which connection. */
class FakeKeyService {
  readonly asked: Asked[] = [];
  connections = 0;
  refusesRenewal = false;
  /** The path whose refusal takes its time. */
  late = '';
  /** Tokens it accepts. */
  readonly alive = new Set<string>();
  readonly server = http.createServer((request, response) => {
    const url = request.url ?? '';
    const token = request.headers['x-vault-token'] as string | undefined;
    this.asked.push({ method: request.method ?? '', url, token });
    request.resume();
    request.on('end', () => {
      const { status, body } = this.answer(url, token ?? '');
      const reply = (): void => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (status === 403 && url === this.late) setTimeout(reply, 700);
      else reply();
    });
  });

  constructor(socket: string) {
    this.server.on('connection', () => (this.connections += 1));
    this.server.listen(socket);
  }

  private answer(url: string, token: string): { status: number; body: object } {
    if (url === '/v1/sys/wrapping/unwrap')
      return { status: 200, body: { data: { secret_id: 's' } } };
    if (url === '/v1/auth/approle/login' || url === '/v1/auth/kubernetes/login') {
      const client_token = `token-${this.asked.length}`;
      this.alive.add(client_token);
      return {
        status: 200,
        body: { auth: { client_token, lease_duration: 3600, renewable: true } },
      };
    }
    if (url === '/v1/auth/token/renew-self') {
      if (this.refusesRenewal) return { status: 503, body: { errors: ['sealed'] } };
      const auth = { client_token: token, lease_duration: 3600, renewable: true };
      return { status: 200, body: { auth } };
    }
    if (!this.alive.has(token)) return { status: 403, body: { errors: ['permission denied'] } };
    if (url.startsWith('/v1/forbidden'))
      return { status: 403, body: { errors: ['permission denied'] } };
    if (url.startsWith('/v1/broken')) return { status: 500, body: { errors: ['internal'] } };
    return { status: 200, body: { data: { value: url } } };
  }
}

describe('the client of the key service', () => {
  let dir: string;
  let service: FakeKeyService;
  let vault: VaultClient;
  let time: number;
  let config: Config;

  beforeEach(() => {
    dir = mkdtempSync('/tmp/cmv-');
    service = new FakeKeyService(join(dir, 's'));
    const file = (name: string): string => join(dir, name);
    writeFileSync(file('role-id'), 'role');
    writeFileSync(file('wrapped'), 'wrapping-token-1');
    config = configSchema.parse({
      CASEMATE_MODE: 'test',
      CASEMATE_HOST_NAME: 'localhost',
      CASEMATE_BIND_ADDRESS: '127.0.0.1',
      CASEMATE_HTTPS_PORT: '0',
      CASEMATE_HTTP_PORT: '0',
      CASEMATE_TLS_CERT_FILE: '/x',
      CASEMATE_TLS_KEY_FILE: '/x',
      CASEMATE_DATA_DIR: '/x',
      CASEMATE_WEB_DIR: '/x',
      CASEMATE_DATABASE_HOST: '/x',
      CASEMATE_VAULT_SOCKET: file('s'),
      CASEMATE_VAULT_ROLE_ID_FILE: file('role-id'),
      CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: file('wrapped'),
      CASEMATE_VAULT_REQUEST_FILE: file('request'),
      CASEMATE_OLLAMA_URL: 'http://127.0.0.1:9',
    });
    time = Date.now();
    const log = createLog({ level: 'error', fields: {}, silent: true });
    vault = createVault({ config, log, now: () => time });
  });
  afterEach(() => {
    service.server.closeAllConnections();
    service.server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const countOf = (url: string): number => service.asked.filter((call) => call.url === url).length;

  it('ENC-04: tells when an unsealed key service last answered, which no fault and no sys/ does', async () => {
    expect(vault.answeredAt()).toBe(-Infinity);
    await vault.read('sys/seal-status');
    const signedIn = vault.answeredAt();
    await vault.read('sys/seal-status');
    await expect(vault.read('broken')).rejects.toThrow();
    await expect(vault.read('tenant-0/sys/seal-status')).resolves.toBeDefined();
    expect(vault.answeredAt()).toBe(signedIn);
    const before = performance.now();
    await vault.read('transit/keys/one');
    expect(vault.answeredAt()).toBeGreaterThanOrEqual(before);
    expect(vault.answeredAt()).toBeLessThanOrEqual(performance.now());
  });

  it('a refusal by policy is an error and no reason to sign in again', async () => {
    await vault.read('secret');
    await expect(vault.read('forbidden')).rejects.toThrow(VaultError);
    expect(countOf('/v1/auth/approle/login')).toBe(1);
  });

  it('a fault of the key service is `unavailable`, without its text', async () => {
    await expect(vault.read('broken')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The key service does not answer; try again in a moment',
    });
  });

  it('signs in as its service account on a cluster, with the token of that moment', async () => {
    const token = join(dir, 'token');
    const log = createLog({ level: 'error', fields: {}, silent: true });
    const bound = {
      ...config,
      CASEMATE_VAULT_KUBERNETES_ROLE: 'server',
      CASEMATE_VAULT_KUBERNETES_TOKEN_FILE: token,
    };
    const own = createVault({ config: bound, log, now: () => time });
    await expect(own.read('secret')).rejects.toThrow('ENOENT');
    writeFileSync(token, 'jwt');
    await own.read('secret');
    expect(service.asked.map(({ url }) => url)).toEqual([
      '/v1/auth/kubernetes/login',
      '/v1/secret',
    ]);
    expect(existsSync(join(dir, 'wrapped'))).toBe(true);
  });

  it('the wrapping token is used once and is gone from the disk', async () => {
    await vault.read('secret');
    expect(existsSync(join(dir, 'wrapped'))).toBe(false);
    expect(service.asked[0]).toMatchObject({
      url: '/v1/sys/wrapping/unwrap',
      token: 'wrapping-token-1',
    });
  });

  it('a lost token is replaced with a fresh secret-id, which it asks the supervisor for', async () => {
    await vault.read('secret');
    service.alive.clear();
    const reading = vault.read('secret');
    await giveSecretId();
    await expect(reading).resolves.toEqual({ value: '/v1/secret' });
    expect(countOf('/v1/auth/approle/login')).toBe(2);
  });

  const giveSecretId = async (): Promise<void> => {
    while (!existsSync(join(dir, 'request'))) await new Promise((done) => setTimeout(done, 20));
    rmSync(join(dir, 'request'));
    writeFileSync(join(dir, 'wrapped'), 'wrapping-token-2');
  };

  it('of calls that meet a lost token at the same time each is answered', async () => {
    await vault.read('secret');
    service.alive.clear();
    // One refusal comes when another call has signed in anew already.
    service.late = '/v1/b';
    const reading = Promise.all(['a', 'b', 'c'].map((name) => vault.read(name)));
    await giveSecretId();
    await expect(reading).resolves.toHaveLength(3);
    expect(countOf('/v1/auth/approle/login')).toBe(2);
  });

  it('a renewal that fails holds up no call while the token is valid', async () => {
    await vault.read('secret');
    service.refusesRenewal = true;
    time += 2_500_000;
    await expect(vault.read('secret')).resolves.toEqual({ value: '/v1/secret' });
    expect(existsSync(join(dir, 'request'))).toBe(false);
    service.refusesRenewal = false;
    time += 61_000;
    await vault.read('secret');
    await new Promise((done) => setTimeout(done, 100));
    expect(countOf('/v1/auth/token/renew-self')).toBe(2);
    time += 3_000_000;
    service.alive.clear();
    service.alive.add('token-2');
    await expect(vault.read('secret')).resolves.toEqual({ value: '/v1/secret' });
    expect(countOf('/v1/auth/approle/login')).toBe(1);
  });

  it('parallel first calls sign in once, and all calls share few kept connections', async () => {
    await Promise.all(Array.from({ length: 6 }, (_none, index) => vault.read(`secret/${index}`)));
    for (let call = 0; call < 10; call += 1) await vault.read('secret');
    expect(countOf('/v1/auth/approle/login')).toBe(1);
    expect(service.connections).toBeLessThanOrEqual(6);
    const before = service.connections;
    await vault.read('secret');
    await vault.read('secret');
    expect(service.connections).toBe(before);
  });
});
