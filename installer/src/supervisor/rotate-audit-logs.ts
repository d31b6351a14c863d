import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

export type AuditRotation = {
  dir: string;
  /** Asks the key service to open its files anew (SIGHUP); false when it does not run. */
  reopen: () => boolean;
  bytes?: number;
  keep?: number;
};

const BYTES = 50 * 1024 * 1024;
const KEEP = 10;

/**
 * Moves audit files of the key service that have grown to `bytes` aside, keeping `keep` old ones of
 * each: requests fail when none of its files can be written, and a full disk would be that day. The
 * key service writes on to the moved file until it has opened the new one, so no line is lost.
 */
export function rotateAuditLogs({ dir, reopen, bytes = BYTES, keep = KEEP }: AuditRotation): void {
  if (!existsSync(dir)) return;
  const grown = readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .map((name) => path.join(dir, name))
    .filter((file) => statSync(file).size >= bytes);
  for (const file of grown) {
    rmSync(`${file}.${keep}`, { force: true });
    for (let index = keep - 1; index >= 1; index -= 1) {
      if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
    }
    renameSync(file, `${file}.1`);
  }
  if (grown.length > 0) reopen();
}
