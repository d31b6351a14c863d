import { existsSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';

export type AuditRotation = {
  dir: string;
  /** Asks the key service to open its files anew (SIGHUP); false when it does not run. */
  reopen: () => boolean;
  bytes?: number;
  keep?: number;
  /** Free share of the disk, 0 to 1; asked of the file system by default. */
  freeShare?: (dir: string) => number;
};

/** At most so much of each of its two files: about a gibibyte together. */
export const auditLimits = { bytes: 50 * 1024 * 1024, keep: 10 } as const;

/** Below it old copies go before their time: a full disk would stop the key service. */
const SCARCE = 0.05;

/** The files of a directory that have grown to so many bytes. */
export function listGrown(dir: string, bytes: number): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .map((name) => path.join(dir, name))
    .filter((file) => statSync(file).size >= bytes);
}

/**
 * Moves audit files of the key service that have grown to `bytes` aside, keeping `keep` old ones of
 * each: requests fail when none of its files can be written, and a full disk would be that day. The
 * key service writes on to the moved file until it has opened the new one, so no line is lost. Where the
 * disk is all but full, old files of the second device go before their time: they hold the same lines as
 * those of the first, which are never removed to make room. Who fills the disk erases no trace.
 */
export function rotateAuditLogs(rotation: AuditRotation): void {
  const { dir, reopen, bytes = auditLimits.bytes, keep = auditLimits.keep } = rotation;
  if (!existsSync(dir)) return;
  const grown = listGrown(dir, bytes);
  for (const file of grown) {
    rmSync(`${file}.${keep}`, { force: true });
    for (let index = keep - 1; index >= 1; index -= 1) {
      if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
    }
    renameSync(file, `${file}.1`);
  }
  if (grown.length > 0) reopen();
  makeRoom(dir, rotation.freeShare ?? freeShareOf);
}

/** Removes old copies, the oldest first, until a twentieth of the disk is free. */
function makeRoom(dir: string, freeShare: (dir: string) => number): void {
  const copies = readdirSync(dir)
    .flatMap((name) => {
      const index = /^audit-2\.log\.(\d{1,3})$/.exec(name)?.[1];
      return index === undefined ? [] : [{ name, index: Number(index) }];
    })
    .sort((a, b) => b.index - a.index);
  for (const { name } of copies) {
    if (freeShare(dir) >= SCARCE) return;
    rmSync(path.join(dir, name), { force: true });
  }
}

function freeShareOf(dir: string): number {
  const { bavail, blocks } = statfsSync(dir);
  return blocks === 0 ? 1 : bavail / blocks;
}
