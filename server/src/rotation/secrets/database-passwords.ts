import { setTimeout as sleep } from 'node:timers/promises';
import { serverLogins, VaultError, type Platform, type VaultClient } from '../../platform/index.ts';
import { endSessions, readSignInTime } from '../repo.ts';
import type { Secret, SecretReading } from '../secret.ts';

const MOUNT = 'casemate-database';
const logins: readonly string[] = [...serverLogins, 'casemate_provisioner', 'casemate_migrator'];

/** Of the accounts that sign in to PostgreSQL: drawn, kept and renewed by OpenBao's database engine. */
export const databasePasswords: Secret = {
  name: 'database-passwords',
  title: 'Passwords of the database accounts',
  kind: 'database_password',
  periodDays: 90,
  rotatedBy: 'appliance',
  how: 'The key service gives each account a new password; a program that is refused with the old one reads the new one and goes on.',
  read: async ({ vault }) => {
    const dates: Date[] = [];
    for (const login of logins) {
      const madeAt = await findRotation(vault, login);
      if (madeAt) dates.push(madeAt);
    }
    return dates.length > 0 ? { count: dates.length, madeAt: oldest(dates) } : readStored(vault);
  },
  rotate: async (platform, { requestedAt, compromised }) => {
    const { vault } = platform;
    for (const login of logins) {
      const madeAt = await findRotation(vault, login);
      if (madeAt && madeAt < requestedAt) await vault.write(`${MOUNT}/rotate-role/${login}`, {});
    }
    // The account through which the others are set; only the engine knows its password.
    await vault.write(`${MOUNT}/rotate-root/casemate`, {});
    if (compromised) await endOldSessions(platform);
  },
};

/**
 * A session outlives the password that opened it. Those of all accounts end, and a while later those
 * whose sign-in had begun with the old password and could take its time. Programs connect anew.
 */
async function endOldSessions({ db, log }: Platform): Promise<void> {
  const { now, signInSeconds } = await db.inControl(readSignInTime);
  const first = await db.inControl((tx) => endSessions(tx, now));
  await sleep((signInSeconds + 1) * 1_000);
  const late = await db.inControl((tx) => endSessions(tx, now));
  log.info('sessions of stolen passwords ended', { first, late });
}

async function findRotation(vault: VaultClient, login: string): Promise<Date | undefined> {
  const found = await findAt(vault, `${MOUNT}/static-roles/${login}`);
  const at = found?.['last_vault_rotation'];
  return typeof at === 'string' ? new Date(at) : undefined;
}

/** Where the engine can't manage the database: the age of what the operator wrote into kv. */
async function readStored(vault: VaultClient): Promise<SecretReading> {
  const dates: Date[] = [];
  for (const account of ['server', 'provisioner', 'migrator']) {
    const found = await findAt(vault, `kv/metadata/database/${account}`);
    const at = found?.['updated_time'];
    if (typeof at === 'string') dates.push(new Date(at));
  }
  const note = 'The key service does not manage this database: change them there and in kv';
  return { count: dates.length, madeAt: dates.length > 0 ? oldest(dates) : null, note };
}

const oldest = (dates: readonly Date[]): Date => new Date(Math.min(...dates.map(Number)));

async function findAt(
  vault: VaultClient,
  path: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await vault.read(path);
  } catch (error) {
    if (error instanceof VaultError && [400, 403, 404].includes(error.statusCode)) return undefined;
    throw error;
  }
}
