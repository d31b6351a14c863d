import { checkClock } from '../preflight/checks/clock.ts';
import { planPreflight } from '../preflight/plan-preflight.ts';
import { checkCertificate } from './checks/certificate.ts';
import { checkComponents } from './checks/components.ts';
import { checkDatabaseRoles, checkDatabaseSettings, checkMigrations } from './checks/database.ts';
import { checkDirectories, checkLeftovers } from './checks/directories.ts';
import { checkModelServerPort } from './checks/model-server-port.ts';
import { checkKeyService, checkSeal } from './checks/key-service.ts';
import { checkModels } from './checks/models.ts';
import { checkExposure, checkLeakedProcesses } from './checks/processes.ts';
import { checkAuthorityKey, checkSealKeyAge, checkSecretAges } from './checks/rotation.ts';
import { checkSealKey, checkSecretFiles } from './checks/secrets.ts';
import { checkRedirect, checkServer } from './checks/server.ts';
import { checkSms } from './checks/sms.ts';
import { checkLogs, checkLogSpace, checkStorage } from './checks/storage.ts';
import { checkVersions } from './checks/versions.ts';
import { checkWayOut } from './checks/way-out.ts';
import { attempt, bad, type DoctorCheck, type DoctorStatus } from './doctor-check.ts';
import { fromPreflight } from './from-preflight.ts';
import type { Patient } from './patient.ts';

export type DoctorReport = { checks: DoctorCheck[]; summary: Record<DoctorStatus, number> };

type Check = (patient: Patient) => Promise<DoctorCheck | DoctorCheck[]>;

/** In the order of the report: what others depend on comes first. */
export const doctorChecks: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['components', orDown('components', checkComponents)],
  ['key-service', orDown('key-service', checkKeyService)],
  ['seal', checkSeal],
  ['seal-key', checkSealKey],
  ['database-settings', orDown('database-settings', checkDatabaseSettings)],
  ['database-roles', checkDatabaseRoles],
  ['migrations', checkMigrations],
  ['models', orDown('models', checkModels)],
  ['server', checkServer],
  ['http-redirect', checkRedirect],
  ['certificate', checkCertificate],
  ['secret-ages', checkSecretAges],
  ['seal-key-age', checkSealKeyAge],
  ['authority-key', checkAuthorityKey],
  ['versions', checkVersions],
  ['directories', checkDirectories],
  ['secret-files', checkSecretFiles],
  ['leftovers', checkLeftovers],
  ['outside-ports', checkExposure],
  ['model-server-port', checkModelServerPort],
  ['way-out', checkWayOut],
  ['sms', checkSms],
  ['leaked-processes', checkLeakedProcesses],
  ['storage', checkStorage],
  ['log-size', checkLogs],
  ['log-space', checkLogSpace],
  ['clock', checkTime],
]);

/** Asks everything at once; a question that nobody answers is `unknown`, and never an exception. */
export async function examine(patient: Patient): Promise<DoctorReport> {
  const found = await Promise.all(
    [...doctorChecks].map(([id, check]) => attempt(id, () => check(patient))),
  );
  const checks = found.flat();
  const count = (status: DoctorStatus) => checks.filter((check) => check.status === status).length;
  const summary = {
    ok: count('ok'),
    warn: count('warn'),
    fail: count('fail'),
    unknown: count('unknown'),
  };
  return { checks, summary };
}

/** For a part that must answer: silence is a fault, not a gap in what is known. */
function orDown(id: string, check: Check): Check {
  return async (patient) => {
    try {
      return await check(patient);
    } catch (error) {
      const mend = 'Start it: `casemate up`; see `casemate status` and `casemate logs`';
      return bad(id, { found: `no answer: ${(error as Error).message}`, mend });
    }
  };
}

async function checkTime({ host, layout, settings }: Patient): Promise<DoctorCheck[]> {
  const results = await checkClock({ host, request: planPreflight(layout, settings) });
  return results.map(fromPreflight);
}
