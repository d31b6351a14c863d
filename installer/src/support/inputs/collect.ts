import { findPlan } from '../../backup/plan.ts';
import { readState } from '../../backup/state.ts';
import { examine } from '../../doctor/examine.ts';
import type { Patient } from '../../doctor/patient.ts';
import { messageOf } from '../../fault.ts';
import { planPreflight } from '../../preflight/plan-preflight.ts';
import { runPreflight } from '../../preflight/run-preflight.ts';
import { getRuntime } from '../../runtime/get-runtime.ts';
import { verifyInstance } from '../../trust/verify-instance.ts';
import type { Format, Input } from '../redact/redactor.ts';
import { readDatabaseFacts } from './database-facts.ts';
import { readLogs } from './read-logs.ts';
import { listSlowQueries } from './slow-queries.ts';
import { readSystemFacts } from './system-facts.ts';

export type Collected = {
  inputs: Input[];
  /** What could not be had, and why: as telling as the rest. */
  missing: { path: string; why: string }[];
};

type Source = {
  path: string;
  format: Format;
  read: (patient: Patient) => unknown;
};

const json = (path: string, read: Source['read'], format: Format = 'json'): Source => ({
  path,
  format,
  read: async (patient) => JSON.stringify((await read(patient)) ?? null),
});

/** Everything but the logs, each by itself: what does not answer leaves a gap, and hides nothing else. */
export const sources: readonly Source[] = [
  json('versions.json', ({ settings, pinned, casemateVersion }) => ({
    casemate: casemateVersion,
    node: process.version,
    installed: settings.components,
    server: settings.server,
    release: settings.release ?? null,
    pinned: Object.fromEntries(pinned),
  })),
  json('system.json', readSystemFacts),
  json('settings.json', ({ settings, layout }) => ({ settings, layout })),
  json('status.json', ({ layout }) => getRuntime(layout).status()),
  json('doctor.json', examine),
  json('preflight.json', ({ layout, settings }) =>
    runPreflight(planPreflight(layout, settings, settings.storageEncryption ?? 'unstated')),
  ),
  json('verify.json', (patient) => verifyInstance(patient, [])),
  json('secret-ages.json', ({ listSecrets }) => listSecrets()),
  json('backup.json', async ({ layout }) => ({
    plan: (await findPlan(layout)) ?? null,
    state: await readState(layout),
  })),
  json('migrations.json', ({ getPendingMigrations }) => getPendingMigrations()),
  json('database.json', readDatabaseFacts),
  json('slow-queries.json', listSlowQueries, 'sql'),
  {
    path: 'configuration/openbao.hcl',
    format: 'text',
    read: ({ host, paths }) => present(host.readText(paths.vaultConfigFile)),
  },
  {
    path: 'configuration/postgresql.conf',
    format: 'text',
    read: ({ host, paths }) => present(host.readText(`${paths.databaseDir}/postgresql.conf`)),
  },
];

export async function collect(
  patient: Patient,
  { logBytes, without }: { logBytes: number; without: readonly string[] },
): Promise<Collected> {
  const collected: Collected = { inputs: [], missing: [] };
  const left = (path: string): boolean =>
    without.some((name) => path === name || path.startsWith(`${name}/`));
  for (const { path, format, read } of sources.filter((one) => !left(one.path)))
    try {
      collected.inputs.push({ path, format, text: String(await read(patient)) });
    } catch (error) {
      collected.missing.push({ path, why: messageOf(error) });
    }
  try {
    const logs = await readLogs(patient.layout, logBytes);
    collected.inputs.push(...logs.filter(({ path }) => !left(path)));
  } catch (error) {
    collected.missing.push({ path: 'logs', why: messageOf(error) });
  }
  return collected;
}

async function present(read: Promise<string | null>): Promise<string> {
  const text = await read;
  if (text === null) throw new Error('it is not there');
  return text;
}
