import { messageOf } from '../fault.ts';
import type { Patient } from '../doctor/patient.ts';

/** `not_applicable` also says what can't be seen from here: without a fixed rule it proves nothing. */
export type HostFinding = {
  status: 'pass' | 'fail' | 'not_applicable';
  /** One sentence with figures, never a secret. */
  evidence: string;
};

/** A check of a control that only the installer can make: it sees processes, sockets and files. */
export type HostCheck = {
  control: string;
  /** As the declared proof of the control names it (`server/src/trust/proofs`). */
  name: string;
  run: (patient: Patient) => Promise<HostFinding>;
};

/** What the server's `verify` takes. */
export type HostReport = { control: string; host: string; at: string } & HostFinding;

export const holds = (evidence: string): HostFinding => ({ status: 'pass', evidence });
export const broken = (evidence: string): HostFinding => ({ status: 'fail', evidence });
export const unseen = (evidence: string): HostFinding => ({ status: 'not_applicable', evidence });

/** Runs the checks of the controls that are asked for; one that throws has failed. */
export async function runHostChecks(
  patient: Patient,
  checks: readonly HostCheck[],
  ids: readonly string[],
): Promise<HostReport[]> {
  const wanted = checks.filter(({ control }) => ids.length === 0 || ids.includes(control));
  return Promise.all(
    wanted.map(async ({ control, name, run }) => {
      const found = await run(patient).catch((error: unknown) =>
        broken(`The host could not be examined: ${messageOf(error)}.`),
      );
      const at = patient.host.now().toISOString();
      return { control, host: name, at, ...found, evidence: found.evidence.slice(0, 2000) };
    }),
  );
}
