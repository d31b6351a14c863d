import { bad, type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { FileFact, Patient } from '../patient.ts';
import { wantedDirs, type WantedDir } from '../../instance/ensure-dirs.ts';

/** Each directory of the instance has the owner and the rights that the installation gave it. */
export async function checkDirectories(patient: Patient): Promise<DoctorCheck> {
  const id = 'directories';
  const wrong = await listWrongDirs(patient);
  if (wrong.length === 0) return good(id, 'owners and rights as installed');
  const words = wrong.slice(0, 5).map(({ wanted, found }) => {
    if (!found) return `${wanted.dir} is missing`;
    return `${wanted.dir} has ${found.mode.toString(8)} of ${found.uid}, not ${wanted.mode.toString(8)} of ${wanted.owner?.uid ?? found.uid}`;
  });
  return bad(id, {
    found: words.join('; '),
    mend: 'Run `casemate install` again: it sets owners and rights',
  });
}

type WrongDir = { wanted: WantedDir; found: FileFact | null };

export async function listWrongDirs({ layout, findFile }: Patient): Promise<WrongDir[]> {
  const { lasting, running } = wantedDirs(layout);
  const all = await Promise.all(
    [...lasting, ...running].map(async (wanted) => ({ wanted, found: await findFile(wanted.dir) })),
  );
  return all.filter(({ wanted, found }) => {
    // A link is the operator's own way to another disk.
    if (found?.kind === 'link') return false;
    if (found?.kind !== 'directory' || found.mode !== wanted.mode) return true;
    return wanted.owner !== undefined && found.uid !== wanted.owner.uid;
  });
}

/** What a killed program left: pids of others, sockets, halves of files. */
export async function checkLeftovers({ listLeftovers }: Patient): Promise<DoctorCheck> {
  const id = 'leftovers';
  const found = await listLeftovers();
  if (found.length === 0) return good(id, 'none');
  const words = found.slice(0, 5).map(({ path, why }) => `${path}: ${why}`);
  return poor(id, {
    found: `${found.length}: ${words.join('; ')}`,
    mend: `Remove them: \`rm ${found.map(({ path }) => path).join(' ')}\``,
  });
}
