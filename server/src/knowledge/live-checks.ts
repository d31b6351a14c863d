import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LiveCheck } from '../platform/index.ts';
import { uploadsFolder } from './uploads/upload-path.ts';

/** A document is read in minutes; what lies here longer was left behind. */
const OLDEST_MS = 24 * 3_600_000;

/** What of this room can be seen to hold on the live system. */
export const knowledgeChecks: readonly LiveCheck[] = [
  {
    control: 'INP-05',
    examines: 'The folder of uploads: originals that were not deleted, and rights of others on it.',
    run: async ({ platform, clock }) => {
      const root = uploadsFolder(platform.config.CASEMATE_DATA_DIR);
      const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(ifAbsent);
      let old = 0;
      let open = 0;
      for (const file of files) {
        const found = await stat(path.join(file.parentPath, file.name)).catch(() => null);
        if (!found) continue;
        if (found.mode & 0o077) open += 1;
        if (file.isFile() && clock.now().getTime() - found.mtimeMs > OLDEST_MS) old += 1;
      }
      if (old > 0 || open > 0)
        return {
          status: 'fail',
          evidence: `${old} original(s) are older than a day, ${open} entries are open to others.`,
        };
      const waiting = files.filter((file) => file.isFile()).length;
      return {
        status: 'pass',
        evidence: `${waiting} original(s) wait to be read, none for more than a day; others may read none.`,
      };
    },
  },
];

function ifAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
