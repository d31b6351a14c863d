import { wantedDirs } from '../instance/ensure-dirs.ts';
import { layoutFor } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { fakeHost } from '../preflight/fake-host.ts';
import type { ListedSecret } from '../rotation/rotation-table.ts';
import type { FileFact, HttpAnswer, HttpTarget, Patient } from './patient.ts';

type Faked = Partial<Patient> & { answers?: Record<string, HttpAnswer | Error> };

const layout = layoutFor({ dataDir: '/srv/casemate', asRoot: false, env: { HOME: '/home/test' } });
export const fakePaths = instancePaths(layout);

/** A file of the fake instance, with the rights of a secret. */
export function fakeFile(path: string, more: Partial<FileFact> = {}): FileFact {
  return { path, kind: 'file', mode: 0o400, uid: 1000, bytes: 32, ...more };
}

const soon = <T>(value: T): Promise<T> => Promise.resolve(value);
const answered = (body: unknown): HttpAnswer => ({ status: 200, location: null, body });

const goodAnswers: Record<string, HttpAnswer> = {
  '/v1/sys/health': answered({ initialized: true, sealed: false, version: '2.7.2' }),
  '/api/tags': answered({
    models: [{ name: 'casemate-chat:latest' }, { name: 'casemate-embed:latest' }],
  }),
  '/api/version': answered({ version: '0.24.0' }),
  '/health/ready': answered({}),
  '/': { status: 308, location: 'https://casemate.example/', body: null },
};

export const goodRows: Record<string, string> = {
  pg_settings: [
    'fsync=on',
    'full_page_writes=on',
    'synchronous_commit=on',
    'data_checksums=on',
    'listen_addresses=',
    'password_encryption=scram-sha-256',
  ].join('\n'),
  pg_roles: '',
  server_version: '18.6 (test)',
};

/** Answers statements by the word that they hold. */
export function fakeSql(rows: Record<string, string>): Patient['sql'] {
  return (text) => soon(Object.entries(rows).find(([word]) => text.includes(word))?.[1] ?? '');
}

function pathOf(target: HttpTarget): string {
  return 'url' in target ? new URL(target.url).pathname : target.path;
}

const installed = (version: string) => ({ version, dir: '/x', sha256: '0', executables: {} });

/** For tests: an instance in perfect health, but for what is given. */
export function fakePatient({ answers = {}, ...faked }: Faked = {}): Patient {
  const replies = new Map(Object.entries({ ...goodAnswers, ...answers }));
  return {
    layout,
    paths: fakePaths,
    accounts: {},
    settings: {
      format: 1,
      instance: 'default',
      hostName: 'casemate.example',
      bindAddress: '0.0.0.0',
      httpsPort: 8443,
      httpPort: 8080,
      ollamaPort: 11_500,
      databasePort: 5432,
      cacheDir: '/var/cache/casemate',
      components: {
        postgresql: installed('18.6'),
        openbao: installed('2.7.2'),
        ollama: installed('0.24.0'),
      },
      server: { version: '1.0.0', checksum: '0', dir: '/x' },
    },
    pinned: new Map([
      ['postgresql', '18.6'],
      ['openbao', '2.7.2'],
      ['ollama', '0.24.0'],
    ]),
    casemateVersion: '1.0.0',
    host: fakeHost({
      files: { [fakePaths.vaultConfigFile]: `current_key = "file://${fakePaths.sealKeyFile}"` },
    }),
    listComponents: () =>
      soon([
        { id: 'server', state: 'ready', pid: 42, restarts: 0, since: '', ready: true, spec: null },
      ]),
    sql: fakeSql(goodRows),
    get: (target) => {
      const reply = replies.get(pathOf(target)) ?? new Error('no such answer');
      return reply instanceof Error ? Promise.reject(reply) : soon(reply);
    },
    getPendingMigrations: () => soon({ control: [], tenants: 0 }),
    listSecrets: () => soon([fakeSecret('seal-key'), fakeSecret('signing-keys')]),
    madeAt: () => soon(new Date(fakeSecret('seal-key').madeAt ?? 0)),
    listFiles: () => soon([fakeFile('/srv/casemate/config/tls/server.key')]),
    findFile: (file) => soon(absent.test(file) ? null : findFake(file)),
    listLeftovers: () => soon([]),
    listProcesses: () => soon([]),
    tryWayOut: () => soon('closed' as const),
    lookAtBackups: () => soon(null),
    ...faked,
  };
}

/** A directory as it was installed, or a file. */
function findFake(file: string): FileFact {
  const { lasting, running } = wantedDirs(layout);
  const dir = [...lasting, ...running].find((wanted) => wanted.dir === file);
  return fakeFile(file, dir ? { kind: 'directory', mode: dir.mode } : {});
}

/** What no instance in order has: half a rotation, and the authority's key on the disk. */
const absent = /\.(next|previous)$|ca\.key$/;

export function fakeSecret(name: string, more: Partial<ListedSecret> = {}): ListedSecret {
  return {
    name,
    count: 1,
    state: 'current',
    madeAt: '2026-11-01T10:00:00.000Z',
    ageDays: 21,
    periodDays: 90,
    nextAt: '2027-01-30T10:00:00.000Z',
    rotatedBy: 'appliance',
    note: null,
    ...more,
  };
}
