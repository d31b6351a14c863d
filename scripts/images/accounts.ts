import type { TarEntry } from './tar.ts';

/** Accounts of the containers; members of the socket group open the sockets that they share. */
export const accounts = {
  server: 10001,
  provisioner: 10002,
  database: 10003,
  keys: 10004,
  models: 10005,
} as const;
const SOCKET_GROUP = 10000;

type AccountName = keyof typeof accounts;

/** PostgreSQL knows its superuser by this name. */
const names: Readonly<Record<AccountName, string>> = {
  server: 'casemate',
  provisioner: 'casemate-provisioner',
  database: 'casemate-db',
  keys: 'casemate-keys',
  models: 'casemate-models',
};

const all = Object.keys(accounts) as AccountName[];
const home = ':/nonexistent:/usr/sbin/nologin';

export const passwd: readonly string[] = [
  `root:x:0:0:root${home}`,
  ...all.map((name) => `${names[name]}:x:${accounts[name]}:${accounts[name]}:${home}`),
];
export const group: readonly string[] = [
  'root:x:0:',
  `casemate-sockets:x:${SOCKET_GROUP}:`,
  ...all.map((name) => `${names[name]}:x:${accounts[name]}:`),
];

type Owned = [path: string, mode: number, account: AccountName, gid?: number];

const owned: readonly Owned[] = [
  ['data/server', 0o700, 'server'],
  // The provisioner writes what the server reads: its files take the group of the folder over.
  ['data/deletions', 0o2750, 'provisioner', accounts.server],
  ['data/postgresql', 0o700, 'database'],
  ['data/openbao', 0o700, 'keys'],
  ['data/credentials', 0o700, 'keys'],
  ['data/tls', 0o700, 'keys'],
  ['data/ollama', 0o700, 'models'],
  ['run/postgresql', 0o750, 'database', SOCKET_GROUP],
  ['run/openbao', 0o750, 'keys', SOCKET_GROUP],
  ['run/ollama', 0o2750, 'models', SOCKET_GROUP],
];

/** Folders that volumes are mounted on: an empty volume takes their owner over. */
export const mountPoints: readonly TarEntry[] = [
  { path: 'data', kind: 'folder', mode: 0o755 },
  { path: 'run', kind: 'folder', mode: 0o755 },
  ...owned.map(([path, mode, account, gid = accounts[account]]): TarEntry => {
    return { path, kind: 'folder', mode, uid: accounts[account], gid };
  }),
];
