import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { enrolApp } from '../../installer/src/egress/second-factor.ts';
import { freePort } from '../../installer/src/host/free-port.ts';

/** An installed instance with its defaults, for one bench, and its first administrator. */
export type BenchAppliance = {
  readonly instance: string;
  readonly port: number;
  readonly dir: string;
  readonly ca: Buffer;
  /** Keeps its connections, as a browser does. */
  readonly agent: https.Agent;
  readonly adminToken: string;
  /** The key of their authenticator app. */
  readonly adminSecret: string;
  readonly tenantId: string;
  /** How long `casemate install` took, up to its first answer. */
  readonly installSeconds: number;
  /** Pids of the supervisor's children by component. */
  pids(): Record<string, number>;
  casemate(...args: string[]): string;
  api<T>(method: string, path: string, options?: ApiOptions): Promise<T>;
  /** The superuser's connection, past all isolation; for making data, never for what is measured. */
  superuser(): Promise<pg.Client>;
  remove(): void;
};

export type ApiOptions = {
  token?: string;
  json?: unknown;
  raw?: Buffer;
  /** Sent, and replaced by what the answer sets, as a browser does. */
  cookies?: Map<string, string>;
};

type Installed = { setupLink: string | null; address: string };

const root = resolve(import.meta.dirname, '../..');
const casemateCommand = join(root, 'installer/bin/casemate');

/** Installs, makes an administrator over the set-up link, and a first tenant. */
export async function installAppliance(
  report: (text: string) => void,
  tenantLanguage = 'en',
): Promise<BenchAppliance> {
  const dir = mkdtempSync('/tmp/cmb-');
  const instance = `bench${process.pid}`;
  const port = await freePort();
  const place = ['--instance', instance, '--data-dir', dir];
  const flags = ['--host-name', 'localhost', '--bind', '127.0.0.1', '--https-port', String(port)];
  report(`installing an instance in ${dir}`);
  const started = performance.now();
  const answer = await run(['install', '--yes', '--json', '--http-port', '0', ...place, ...flags]);
  const installSeconds = (performance.now() - started) / 1000;
  const installed = JSON.parse(answer) as Installed;
  const casemate = (...args: string[]): string =>
    execFileSync(casemateCommand, [...args, ...place], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const ca = readFileSync(join(dir, 'config/tls/ca.crt'));
  const agent = new https.Agent({ keepAlive: true, ca });
  const api = apiClient(port, agent);
  const token = installed.setupLink?.split('/').pop() ?? '';
  const { accessToken } = await api<{ accessToken: string }>('POST', '/api/setup', {
    json: { token, email: 'bench@example.invalid', name: 'Bench', password: 'Bench-mark-2026' },
  });
  const post = <T>(path: string, json: object, by?: string): Promise<T> =>
    api<T>('POST', path, { json, ...(by === undefined ? {} : { token: by }) });
  const adminSecret = await enrolApp(post, accessToken);
  const tenant = await api<{ id: string }>('POST', '/api/tenants', {
    token: accessToken,
    json: { name: 'Bench', language: tenantLanguage, joinAs: 'admin' },
  });
  await untilActive(api, accessToken, tenant.id);
  return {
    instance,
    port,
    dir,
    ca,
    agent,
    adminToken: accessToken,
    adminSecret,
    tenantId: tenant.id,
    installSeconds,
    api,
    casemate,
    pids: () => {
      const status = JSON.parse(casemate('status', '--json')) as {
        components: { id: string; pid: number }[];
      };
      return Object.fromEntries(status.components.map(({ id, pid }) => [id, pid]));
    },
    superuser: async () => {
      const socketDir = findSocketDir(dir);
      const client = new pg.Client({ host: socketDir, user: 'postgres', database: 'casemate' });
      await client.connect();
      return client;
    },
    remove: () => {
      agent.destroy();
      casemate('uninstall', '--purge', '--yes');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function findSocketDir(dir: string): string {
  return join(dir, 'run/postgresql');
}

function run(args: string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(casemateCommand, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(Buffer.concat(chunks).toString('utf8'));
      else fail(new Error(`casemate ${args[0] ?? ''} ended with status ${String(code)}`));
    });
  });
}

function apiClient(port: number, agent: https.Agent): BenchAppliance['api'] {
  return <T>(method: string, path: string, { token, json, raw, cookies }: ApiOptions = {}) =>
    new Promise<T>((done, fail) => {
      const type = raw ? 'application/octet-stream' : 'application/json';
      const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
      const request = https.request(
        {
          agent,
          host: '127.0.0.1',
          servername: 'localhost',
          port,
          method,
          path,
          headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(body === undefined ? {} : { 'content-type': type }),
            ...(cookies
              ? {
                  cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
                  origin: `https://localhost:${port}`,
                }
              : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          for (const line of response.headers['set-cookie'] ?? []) {
            const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
            cookies?.set(name, value);
          }
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            if ((response.statusCode ?? 500) >= 300)
              fail(new Error(`${method} ${path}: ${String(response.statusCode)} ${text}`));
            else done((text === '' ? null : JSON.parse(text)) as T);
          });
        },
      );
      request.on('error', fail);
      request.end(body);
    });
}

async function untilActive(api: BenchAppliance['api'], token: string, id: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { state } = await api<{ state: string }>('GET', `/api/tenants/${id}`, { token });
    if (state === 'active') return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the tenant was not provisioned');
}
