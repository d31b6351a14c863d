import path from 'node:path';
import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { FileFact, Patient } from '../patient.ts';

/** Names of files whose content opens something. */
const secret = /\.key(\.next|\.previous)?$|\/credentials\/|secret-id$|\/command\//;

/** No secret that another account can read, and nothing that everybody can change. */
export async function checkSecretFiles(patient: Patient): Promise<DoctorCheck> {
  const { layout } = patient;
  const dirs = new Set([layout.configDir, layout.sealDir, layout.runDir]);
  const all = (await Promise.all([...dirs].map(patient.listFiles))).flat();
  const open = all.filter(isOpen).map(({ path: file, mode }) => `${file} (${mode.toString(8)})`);
  if (open.length === 0) return good('secret-files', 'each readable by its account alone');
  const mend = `Take the rights away: \`chmod go= FILE\`; then think of who may have read them (${open.length} in all)`;
  return bad('secret-files', { found: open.slice(0, 5).join(', '), mend });
}

/** Its rights without those that make it open. */
export function closedMode({ path: file, kind, mode }: FileFact): number {
  if (kind === 'file' && secret.test(file)) return mode & ~0o077;
  return kind === 'file' ? mode & ~0o022 : mode & ~0o002;
}

export function isOpen({ path: file, kind, mode }: FileFact): boolean {
  if (kind === 'link' || kind === 'other') return false;
  if (kind === 'file' && secret.test(file)) return (mode & 0o077) !== 0;
  return (mode & 0o002) !== 0;
}

/** 0400, of the key service's account, and never where a copy of the data would carry it along. */
export async function checkSealKey(patient: Patient): Promise<DoctorCheck> {
  const { layout, paths, accounts } = patient;
  const id = 'seal-key';
  const file = await patient.findFile(paths.sealKeyFile);
  if (!file) {
    const mend = `Put it back at ${paths.sealKeyFile} from where you keep it: without it no data can be read after a restart`;
    return bad(id, { found: 'missing', mend });
  }
  const owner = accounts['casemate-keys']?.uid ?? file.uid;
  if ((file.mode & 0o377) !== 0 || file.uid !== owner) {
    const mend = `chmod 0400 ${file.path}; chown ${owner} ${file.path}`;
    return bad(id, { found: `mode ${file.mode.toString(8)}, owner ${file.uid}`, mend });
  }
  if (file.bytes !== 32) {
    const mend = 'Put the right key back: it has 32 bytes';
    return bad(id, { found: `${file.bytes} bytes, not 32`, mend });
  }
  const relative = path.relative(layout.dataDir, file.path);
  if (relative.startsWith('..')) return good(id, '0400, outside the data directory');
  const mend =
    'Install with --seal-dir DIR on another path: whoever copies the data must not get the key';
  return bad(id, { found: 'inside the data directory', mend });
}
