import type { Patient } from '../doctor/patient.ts';
import { askServerCommand } from '../commands/ask-server-command.ts';
import { runHostChecks } from './host-check.ts';
import { hostChecks } from './host-checks/index.ts';
import { signHostReports } from './sign-host-reports.ts';
import type { EvidenceKey, SignedEvidence } from './verify-evidence.ts';

export type Verified = { evidence: SignedEvidence | null; keys: EvidenceKey[] };

/** Examines controls (all without ids) on an installed instance; the server judges and signs. */
export async function verifyInstance(patient: Patient, ids: readonly string[]): Promise<Verified> {
  const reports = await runHostChecks(patient, hostChecks, ids);
  const host = await signHostReports(patient.paths, reports, patient.casemateVersion);
  return askServerCommand(patient, 'verify', { ids, host });
}
