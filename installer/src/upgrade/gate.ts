import type { DoctorCheck } from '../doctor/doctor-check.ts';
import { examine } from '../doctor/examine.ts';
import { realPatient } from '../doctor/real-patient.ts';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { runSelfCheck } from '../steps/show-first-answer.ts';

/** Whether the new version may stay: everything runs, and a document made just now is cited. */
export async function passGate(layout: InstanceLayout, settings: InstanceSettings): Promise<void> {
  const { components } = await getRuntime(layout).status();
  const unready = components.filter(({ ready }) => !ready).map(({ id }) => id);
  if (components.length === 0 || unready.length > 0)
    throw new Fault(`Not ready: ${unready.join(', ') || 'nothing runs'}`, { code: 'notReady' });
  await runSelfCheck({ layout, settings });
  const faults = await listFaults(layout);
  if (faults.length > 0)
    throw new Fault('Doctor finds faults in the new version', { why: faults.join('; ') });
}

/** What must be whole after an upgrade. */
export async function listFaults(layout: InstanceLayout): Promise<string[]> {
  return faultsIn(await examine(await realPatient(layout)));
}

export type DoctorSaid = { checks: readonly Pick<DoctorCheck, 'id' | 'status' | 'found'>[] };

/** Without those that were known before, and that no upgrade changes. */
export function faultsIn({ checks }: DoctorSaid): string[] {
  const other = new Set(['clock', 'storage', 'disk-space']);
  return checks
    .filter(({ status, id }) => status === 'fail' && !other.has(id))
    .map(({ id, found }) => `${id}: ${found}`);
}
