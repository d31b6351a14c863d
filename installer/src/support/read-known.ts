import { hostname } from 'node:os';
import { Fault, messageOf } from '../fault.ts';
import type { Patient } from '../doctor/patient.ts';
import { readSecrets } from './read-secrets.ts';
import { databaseSql } from './inputs/database-sql.ts';
import type { Known } from './redact/known.ts';

const NAMES = `select json_build_object(
  'tenants', coalesce((select json_agg(json_build_object('id', tenant.id, 'name', tenant.name)) from control.tenants tenant), '[]'),
  'people', coalesce((select json_agg(json_build_object('email', account.email, 'name', account.name)) from control.accounts account), '[]'));`;

type Names = Pick<Known, 'tenants' | 'people'>;

/**
 * What must not appear, read at this moment. Without the database nobody knows the names of tenants and
 * people: then only what looks like a name is found, and the operator must say that this is enough.
 */
export async function readKnown(patient: Patient, namesUnknown: boolean): Promise<Known> {
  const { layout, settings } = patient;
  const names = await readNames(patient, namesUnknown);
  const hosts = [settings.hostName, hostname(), hostname().split('.')[0] ?? ''];
  return {
    ...names,
    secrets: await readSecrets(layout),
    hosts: [...new Set(hosts)].filter((host) => host !== '' && !TOLD.has(host)),
    checksums: [
      ...Object.values(settings.components).map(({ sha256 }) => sha256),
      settings.server?.checksum ?? '',
    ].filter((sum) => sum !== ''),
  };
}

/** Names of a host that tell nothing of a site. */
const TOLD: ReadonlySet<string> = new Set(['localhost', 'casemate', 'debian', 'ubuntu', 'linux']);

async function readNames(patient: Patient, namesUnknown: boolean): Promise<Names> {
  if (namesUnknown) return { tenants: [], people: [] };
  try {
    return JSON.parse(await databaseSql(patient, NAMES)) as Names;
  } catch (cause) {
    throw new Fault('The names of tenants and people can not be read', {
      why: `They are in the database, which does not answer: ${messageOf(cause)}`,
      next: 'Start it (`casemate up`), or say --names-unknown and read every file before you pass it on.',
      code: 'notReady',
      cause,
    });
  }
}
