import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** What must be so for nothing to be lost and nobody else to come in. */
const required = new Map([
  ['fsync', 'on'],
  ['full_page_writes', 'on'],
  ['synchronous_commit', 'on'],
  ['data_checksums', 'on'],
  ['listen_addresses', ''],
  ['password_encryption', 'scram-sha-256'],
]);

const settingsQuery = "select name || '=' || setting from pg_settings;";
const rolesQuery = `select rolname from pg_roles where rolname ~ '^(casemate|tenant)_' and (rolsuper or rolbypassrls or rolreplication);`;

export async function checkDatabaseSettings({ sql }: Patient): Promise<DoctorCheck> {
  const id = 'database-settings';
  const rows = (await sql(settingsQuery)).split('\n').map((row) => row.split('=', 2));
  const found = new Map(rows.map(([name = '', value = '']) => [name, value]));
  const wrong = [...required].filter(([name, value]) => found.get(name) !== value);
  if (wrong.length === 0) return good(id, 'durable, with checksums, and no TCP listener');
  const words = wrong.map(
    ([name, value]) => `${name} is '${found.get(name) ?? '?'}', not '${value}'`,
  );
  const mend = wrong.some(([name]) => name === 'data_checksums')
    ? 'Stop the instance, run `pg_checksums --enable` on the cluster, start it again'
    : 'Take the change out of postgresql.conf and postgresql.auto.conf, then `casemate restart postgresql`';
  return bad(id, { found: words.join('; '), mend });
}

/** Row-level security holds nobody who may bypass it. */
export async function checkDatabaseRoles({ sql }: Patient): Promise<DoctorCheck> {
  const id = 'database-roles';
  const strong = (await sql(rolesQuery)).split('\n').filter(Boolean);
  if (strong.length === 0) return good(id, 'no role of ours is above row-level security');
  const mend = `As the superuser: alter role NAME nosuperuser nobypassrls noreplication (${strong.join(', ')})`;
  return bad(id, { found: `${strong.join(', ')} could read every tenant`, mend });
}

export async function checkMigrations(patient: Patient): Promise<DoctorCheck> {
  const id = 'migrations';
  const { control, tenants } = await patient.getPendingMigrations();
  if (control.length === 0 && tenants === 0) return good(id, 'none pending');
  const found = `${control.length} of the platform pending, ${tenants} tenants behind`;
  return bad(id, {
    found,
    mend: 'Run `casemate install` again: it brings the database up to date',
  });
}
