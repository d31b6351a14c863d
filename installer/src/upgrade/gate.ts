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

/** What must be whole before an upgrade begins, and after it. */
export async function listFaults(layout: InstanceLayout): Promise<string[]> {
  const report = await examine(await realPatient(layout));
  // Known before the upgrade as well, and nothing that it changes.
  const other = new Set(['clock', 'storage', 'disk-space']);
  return report.checks
    .filter(({ status, id }) => status === 'fail' && !other.has(id))
    .map(({ id, found }) => `${id}: ${found}`);
}
