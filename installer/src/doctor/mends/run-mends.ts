import { messageOf } from '../../fault.ts';
import type { DoctorReport } from '../examine.ts';
import type { Patient } from '../patient.ts';
import { mendDirectories, mendLeftovers, mendSealKey, mendSecretFiles } from './files.ts';
import type { Action, Hands, Mend } from './mend.ts';
import { mendAuditLogs, mendCertificate, mendComponents, mendWayOut } from './upkeep.ts';

/** In the order of the work: what is needed to start comes before the start. */
export const mends: readonly Mend[] = [
  mendDirectories,
  mendSecretFiles,
  mendSealKey,
  mendLeftovers,
  mendWayOut,
  mendComponents,
  mendCertificate,
  mendAuditLogs,
];

export type Mended = {
  checks: string[];
  what: string;
  outcome: 'done' | 'declined' | 'failed';
  why?: string;
};

export const canMend = (check: string): boolean => mends.some(({ isFor }) => isFor(check));

type Asking = {
  /** What is to be mended; everything when empty. */
  wanted: readonly string[];
  agree: (actions: readonly Action[]) => Promise<boolean>;
  hands: Hands;
};

/** Plans, asks and works, one mend after the other; one that fails holds no other up. */
export async function runMends(
  patient: Patient,
  report: DoctorReport,
  { wanted, agree, hands }: Asking,
): Promise<Mended[]> {
  const mended: Mended[] = [];
  for (const { isFor, plan } of mends) {
    const checks = report.checks
      .filter(({ id, status }) => status !== 'ok' && isFor(id))
      .map(({ id }) => id)
      .filter((id) => wanted.length === 0 || wanted.includes(id));
    if (checks.length === 0) continue;
    const actions = await plan(patient).catch((error: unknown) => {
      mended.push({ checks, what: 'look again', outcome: 'failed', why: messageOf(error) });
      return [];
    });
    if (actions.length === 0) continue;
    const agreed = await agree(actions);
    for (const action of actions) {
      const done = agreed ? await tryAction(action, hands) : ({ outcome: 'declined' } as const);
      mended.push({ checks, what: action.what, ...done });
    }
  }
  return mended;
}

async function tryAction({ act }: Action, hands: Hands): Promise<Pick<Mended, 'outcome' | 'why'>> {
  try {
    await act(hands);
    return { outcome: 'done' };
  } catch (error) {
    return { outcome: 'failed', why: messageOf(error) };
  }
}
