import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

const wanted = ['casemate-chat', 'casemate-embed'];

export async function checkModels({ get, paths }: Patient): Promise<DoctorCheck> {
  const id = 'models';
  const { body } = await get({ socketPath: paths.modelSocket, path: '/api/tags' });
  const { models = [] } = (body ?? {}) as { models?: { name: string }[] };
  const present = new Set(models.map(({ name }) => name.replace(/:latest$/, '')));
  const missing = wanted.filter((name) => !present.has(name));
  if (missing.length === 0) return good(id, wanted.join(', '));
  const mend = 'Run `casemate install` again: it brings the missing models';
  return bad(id, { found: `missing: ${missing.join(', ')}`, mend });
}
