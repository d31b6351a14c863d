import { certificatePaths } from '../../certificates/certificate-files.ts';
import type { ListedSecret } from '../../rotation/rotation-table.ts';
import { type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

const minute = 60_000;

/** SEC-03: no secret older than its plan; each store says its own age. */
export async function checkSecretAges({ listSecrets }: Patient): Promise<DoctorCheck> {
  const id = 'secret-ages';
  const secrets = await listSecrets();
  const late = secrets.filter(({ state }) => state === 'overdue' || state === 'unknown');
  if (late.length === 0) {
    const next = earliest(secrets);
    return good(id, `${secrets.length} kinds, none overdue${next ? `; next: ${next}` : ''}`);
  }
  const mend = `\`casemate rotation run NAME\`; see \`casemate rotation list\` and \`casemate logs provisioner\``;
  const found = late.map(({ name, state }) => `${name} (${state})`).join(', ');
  return poor(id, { found, mend });
}

/** What the inventory was told about the seal key is what the file says, and no rotation is half done. */
export async function checkSealKeyAge(patient: Patient): Promise<DoctorCheck> {
  const { paths, madeAt, listSecrets, findFile } = patient;
  const id = 'seal-key-age';
  const mend = 'Run `casemate rotation run seal-key`: it ends what was begun, and notes the age';
  for (const left of ['next', 'previous'].map((name) => `${paths.sealKeyFile}.${name}`))
    if (await findFile(left))
      return poor(id, { found: `a rotation was interrupted: ${left}`, mend });
  const noted = (await listSecrets()).find(({ name }) => name === 'seal-key')?.madeAt;
  const file = await madeAt(paths.sealKeyFile);
  const apart = noted ? Math.abs(Date.parse(noted) - file.getTime()) : Infinity;
  if (apart <= 5 * minute) return good(id, `since ${file.toISOString().slice(0, 10)}, as noted`);
  const found = `the file is of ${file.toISOString()}, the inventory says ${noted ?? 'nothing'}`;
  return poor(id, { found, mend });
}

/** The authority's key belongs into the key service. */
export async function checkAuthorityKey({ paths, findFile }: Patient): Promise<DoctorCheck> {
  const id = 'authority-key';
  const { authorityKey } = certificatePaths(paths.tlsDir);
  if (!(await findFile(authorityKey))) return good(id, 'in the key service, not on the disk');
  const mend = 'Run `casemate install` again: it hands the key to the key service';
  return poor(id, { found: `${authorityKey} lies on the disk`, mend });
}

function earliest(secrets: readonly ListedSecret[]): string | undefined {
  const dates = secrets.flatMap(({ name, nextAt }) => (nextAt ? [{ name, nextAt }] : []));
  const [first] = dates.sort((a, b) => a.nextAt.localeCompare(b.nextAt));
  return first && `${first.name} on ${first.nextAt.slice(0, 10)}`;
}
