import type { Patient, ProcessFact } from '../../doctor/patient.ts';

/** A component's processes: the one that is watched, and all that it started. */
export type ComponentProcesses = { id: string; processes: ProcessFact[] };

/** Throws when a component does not run: what is not there can't be examined. */
export async function componentProcesses(patient: Patient): Promise<ComponentProcesses[]> {
  const all = await patient.listProcesses();
  const components = await patient.listComponents();
  return components.map(({ id, pid }) => {
    const main = all.find((one) => one.pid === pid);
    if (!main) throw new Error(`${id} does not run, or is hidden from this account`);
    return { id, processes: descendants(main, all) };
  });
}

function descendants(main: ProcessFact, all: readonly ProcessFact[]): ProcessFact[] {
  const found = [main];
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}
