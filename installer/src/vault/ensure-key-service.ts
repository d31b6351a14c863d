import { randomUUID } from 'node:crypto';
import { Fault } from '../fault.ts';
import { mounts, policyOf, roles, settings, transitKeys } from './desired-state.ts';
import { logIn, logOut } from './log-in.ts';
import type { AppRoleCredential } from './log-in.ts';
import { requestVault } from './request.ts';
import { roleSettings, type KeyServiceRole } from './role-settings.ts';
import { settingDiffers } from './setting-differs.ts';

export type Change = {
  what: string;
  path: string;
  data: unknown;
  /** A role that does not exist yet: it gets an id of its own as well. */
  newRole?: KeyServiceRole;
};

export type EnsureOptions = {
  socketPath: string;
  operator: AppRoleCredential;
  /** Keeps the role-id of a role that an upgrade has brought. */
  writeRoleId: (role: KeyServiceRole, roleId: string) => Promise<void>;
};

type Get = (path: string, method?: 'GET' | 'LIST') => Promise<Record<string, unknown> | null>;

/** What this version wants and the key service does not have, in the order in which it is made. */
export async function findChanges(options: EnsureOptions): Promise<Change[]> {
  const { socketPath } = options;
  const token = await logIn(socketPath, options.operator);
  try {
    const get: Get = async (path, method = 'GET') => {
      const { status, body } = await requestVault({ socketPath, token, method, path });
      // What an older operator may not look at is written anew, once it may.
      return status === 200 ? (body.data ?? null) : null;
    };
    const changes: Change[] = [];
    for (const change of wanted()) if (await differs(get, change)) changes.push(change);
    for (const role of roles) {
      const path = `auth/approle/role/${role}`;
      const found = await get(path);
      if (found && !settingDiffers(found, roleSettings[role])) continue;
      const change = { what: `role ${role}`, path, data: roleSettings[role] };
      changes.push(found ? change : { ...change, newRole: role });
    }
    return changes;
  } finally {
    await logOut(socketPath, token);
  }
}

/**
 * Brings an existing key service up to this version. The operator writes its own policy first and
 * signs in again, since a token keeps no rights that came after it in OpenBao's cache of its
 * policies; nothing is ever removed. May be interrupted and run again.
 */
export async function ensureKeyService(options: EnsureOptions): Promise<Change[]> {
  const before = await findChanges(options);
  const own = before.find(({ path }) => path === 'sys/policies/acl/casemate-operator');
  if (own) await applyAll(options, [own]);
  const rest = own ? await findChanges(options) : before;
  await applyAll(options, rest);
  return own ? [own, ...rest] : rest;
}

async function applyAll(options: EnsureOptions, changes: readonly Change[]): Promise<void> {
  const token = await logIn(options.socketPath, options.operator);
  try {
    for (const change of changes) await apply(options, token, change);
  } finally {
    await logOut(options.socketPath, token);
  }
}

async function apply(options: EnsureOptions, token: string, change: Change): Promise<void> {
  const { socketPath, writeRoleId } = options;
  const post = async (path: string, body: unknown) => {
    const { status, body: reply } = await requestVault({
      socketPath,
      token,
      method: 'POST',
      path,
      body,
    });
    if (status < 300) return;
    throw new Fault(`The key service could not be brought up to date: ${change.what}`, {
      why: `It answered ${status}: ${(reply.errors ?? []).join('; ')}`,
      next: 'Run the command again; it takes up where it stopped.',
    });
  };
  await post(change.path, change.data);
  if (!change.newRole) return;
  const roleId = randomUUID();
  await writeRoleId(change.newRole, roleId);
  await post(`${change.path}/role-id`, { role_id: roleId });
}

/** The desired state but for the roles, as writes; the operator's own policy is among them. */
function wanted(): Change[] {
  return [
    ...roles.map((role) => ({
      what: `policy of ${role}`,
      path: `sys/policies/acl/casemate-${role}`,
      data: policyOf(role),
    })),
    ...mounts.map(({ path, data }) => ({
      what: `engine ${path}`,
      path: `sys/mounts/${path}`,
      data,
    })),
    ...transitKeys.map(({ name, data }) => ({
      what: `key ${name}`,
      path: `transit/keys/${name}`,
      data,
    })),
    ...settings.map(({ path, data }) => ({ what: `setting ${path}`, path, data })),
  ];
}

async function differs(get: Get, { path, data }: Change): Promise<boolean> {
  if (path.startsWith('sys/mounts/')) {
    const all = await get('sys/mounts');
    return all?.[`${path.slice('sys/mounts/'.length)}/`] === undefined;
  }
  if (path.startsWith('transit/keys/')) {
    const all = (await get('transit/keys', 'LIST')) as { keys: string[] } | null;
    return !all?.keys.includes(path.slice('transit/keys/'.length));
  }
  const found = await get(path);
  return found === null || settingDiffers(found, data as Record<string, unknown>);
}
