import { copyFileSync, statSync, truncateSync } from 'node:fs';
import { defaultLogLimits } from './log-file.ts';

/**
 * What the supervisor itself writes to its standard output goes to a file that it can't open anew: it is
 * copied aside when it has grown, and cut to nothing. A line that comes in between is in neither; the same
 * lines are in the supervisor's log. A full disk must not end the supervisor.
 */
export function boundOutput(file: string, bytes = defaultLogLimits.bytes): void {
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < bytes) return;
    try {
      copyFileSync(file, `${file}.1`);
    } finally {
      truncateSync(file);
    }
  } catch {
    // The next minute tries again.
  }
}
