import { readFileSync } from 'node:fs';

/** One service account for each component; all are in the group of the sockets. */
export const serviceAccounts = {
  postgresql: 'casemate-db',
  openbao: 'casemate-keys',
  ollama: 'casemate-models',
  provisioner: 'casemate-provisioner',
  server: 'casemate',
} as const;

export const serviceGroup = 'casemate';

export type AccountName = (typeof serviceAccounts)[keyof typeof serviceAccounts];

/** Numeric ids, because Node's spawn, chown and OpenBao's listener take numbers. */
export type Account = { name: string; uid: number; gid: number };

/** Looks a local account up in /etc/passwd (service accounts are made by `useradd`, so they are there). */
export function findAccount(name: string, passwdFile = '/etc/passwd'): Account | undefined {
  for (const line of readFileSync(passwdFile, 'utf8').split('\n')) {
    const [login, , uid, gid] = line.split(':');
    if (login === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** The account behind a uid. */
export function findAccountById(uid: number, passwdFile = '/etc/passwd'): Account | undefined {
  const name = findAccountName(uid, passwdFile);
  return name === undefined ? undefined : findAccount(name, passwdFile);
}

/** The name behind a uid, as PostgreSQL's peer authentication will see it. */
export function findAccountName(uid: number, passwdFile = '/etc/passwd'): string | undefined {
  for (const line of readFileSync(passwdFile, 'utf8').split('\n')) {
    const [login, , id] = line.split(':');
    if (login && Number(id) === uid) return login;
  }
  return undefined;
}
