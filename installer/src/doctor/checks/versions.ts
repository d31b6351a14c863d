import type { ComponentName } from '../../components/index.ts';
import { servesInstead } from '../../components/serves-instead.ts';
import { bad, type DoctorCheck, good, poor, unseen } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** What is installed and what answers must be what this version was tested with. */
export async function checkVersions(patient: Patient): Promise<DoctorCheck[]> {
  const { settings, pinned, casemateVersion } = patient;
  const rows: [string, string | undefined, string | undefined][] = [...pinned].map(
    ([name, version]) => [name, version, settings.components[name]?.version],
  );
  rows.push(['server', casemateVersion, settings.server?.version]);
  const wrong = rows.filter(
    ([name, wanted, is]) =>
      wanted !== is && !(wanted && is && servesInstead(name as ComponentName, is, wanted)),
  );
  const mend = 'Run `casemate install` again: it brings what differs';
  const words = wrong.map(
    ([name, wanted, is]) => `${name} is ${is ?? 'missing'}, not ${wanted ?? '?'}`,
  );
  const installed =
    wrong.length === 0
      ? good('versions', `as locked (${rows.length})`)
      : poor('versions', { found: words.join('; '), mend });
  return [installed, await checkRunning(patient)];
}

async function checkRunning(patient: Patient): Promise<DoctorCheck> {
  const id = 'running-versions';
  const running = await Promise.allSettled([
    databaseVersion(patient),
    keyServiceVersion(patient),
    modelServerVersion(patient),
  ]);
  const away = running.filter(({ status }) => status === 'rejected').length;
  if (away > 0) {
    const mend = 'Start them: `casemate up`';
    return unseen(id, { found: `${away} of 3 components do not answer`, mend });
  }
  const names = ['postgresql', 'openbao', 'ollama'];
  const old = running.flatMap((one, index) => {
    const name = names[index] ?? '';
    const wanted = patient.settings.components[name]?.version;
    return one.status === 'fulfilled' && one.value !== wanted ? [`${name} ${one.value}`] : [];
  });
  if (old.length === 0) return good(id, 'those that are installed');
  const mend = `\`casemate restart ${names.join(' ')}\``;
  return bad(id, { found: `still runs: ${old.join(', ')}`, mend });
}

async function databaseVersion({ sql }: Patient): Promise<string> {
  return (await sql('show server_version;')).split(' ')[0] ?? '';
}

async function keyServiceVersion({ get, paths }: Patient): Promise<string> {
  const { body } = await get({ socketPath: paths.vaultSocket, path: '/v1/sys/health' });
  return versionOf(body);
}

async function modelServerVersion({ get, paths }: Patient): Promise<string> {
  return versionOf((await get({ socketPath: paths.modelSocket, path: '/api/version' })).body);
}

function versionOf(body: unknown): string {
  const { version = 'unknown' } = (body ?? {}) as { version?: string };
  return version.replace(/^v/, '');
}
