import { checkInodes } from '../../preflight/checks/inodes.ts';
import { checkStorageEncryption } from '../../preflight/checks/storage-encryption.ts';
import { planPreflight } from '../../preflight/plan-preflight.ts';
import { formatGibibytes, gibibyte } from '../../preflight/sizes.ts';
import { bad, type DoctorCheck, good, poor } from '../doctor-check.ts';
import { fromPreflight } from '../from-preflight.ts';
import type { Patient } from '../patient.ts';

export async function checkDiskSpace({ host, layout }: Patient): Promise<DoctorCheck> {
  const id = 'disk-space';
  const space = await host.space(layout.dataDir);
  if (!space) throw new Error(`${layout.dataDir} does not answer`);
  const found = `${formatGibibytes(space.freeBytes)} of ${formatGibibytes(space.totalBytes)} free`;
  if (space.freeBytes >= 5 * gibibyte) return good(id, found);
  const mend =
    'Delete old files beside the data, or enlarge the file system: a full disk stops the database';
  return space.freeBytes < gibibyte ? bad(id, { found, mend }) : poor(id, { found, mend });
}

/**
 * The disk of the logs, which may be another: when it is full the key service can write no audit line,
 * refuses every request, and everything else stops with it.
 */
export async function checkLogSpace({ host, layout }: Patient): Promise<DoctorCheck> {
  const id = 'log-space';
  const space = await host.space(layout.logDir);
  if (!space) throw new Error(`${layout.logDir} does not answer`);
  const share = space.freeBytes / space.totalBytes;
  const found = `${formatGibibytes(space.freeBytes)} (${Math.floor(share * 100)} %) free for logs`;
  // What rotation keeps at most is about a gibibyte and a half.
  if (space.freeBytes >= 2 * gibibyte || share >= 0.1) return good(id, found);
  const mend = `Make room on the disk of ${layout.logDir}: when it is full, the key service gives no key out`;
  const full = space.freeBytes < gibibyte / 8 || share < 0.02;
  return full ? bad(id, { found, mend }) : poor(id, { found, mend });
}

/** What preflight asks of the storage stays true, or does not: a disk can be exchanged. */
export async function checkStorage(patient: Patient): Promise<DoctorCheck[]> {
  const { layout, settings, host } = patient;
  // A site without encryption shows as failing, even where the installation went on without it.
  const statement = settings.storageEncryption === 'confirmed' ? 'confirmed' : 'unstated';
  const context = { host, request: planPreflight(layout, settings, statement) };
  return [
    await checkDiskSpace(patient),
    fromPreflight(await checkInodes(context)),
    fromPreflight(await checkStorageEncryption(context)),
  ];
}

export async function checkLogs(patient: Patient): Promise<DoctorCheck> {
  const files = await patient.listFiles(patient.layout.logDir);
  const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.bytes : 0), 0);
  const found = `${formatGibibytes(bytes)} in ${patient.layout.logDir}`;
  if (bytes < 2 * gibibyte) return good('log-size', found);
  const mend =
    'Carry the old ones away; the audit files of the key service must be kept, not deleted';
  return poor('log-size', { found, mend });
}
