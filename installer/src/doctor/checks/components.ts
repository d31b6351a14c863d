import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** Does everything run that should? */
export async function checkComponents(patient: Patient): Promise<DoctorCheck[]> {
  const components = await patient.listComponents();
  return components.map(({ id, state, ready, restarts }) => {
    const often = restarts > 0 ? `, restarted ${restarts} times` : '';
    if (ready) return good(`component-${id}`, `${state}${often}`);
    const mend =
      state === 'stopped'
        ? `Start it: \`casemate up\`; if it does not stay up, see \`casemate logs ${id}\``
        : `See \`casemate logs ${id}\``;
    return bad(`component-${id}`, { found: `${state}${often}`, mend });
  });
}
