import { statSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../fault.ts';

/**
 * Under root the components run as other accounts: each directory above theirs must let everyone
 * pass. One that doesn't (a home directory, `mktemp -d`) is named before anything is made in it.
 */
export function refuseClosedParents(dirs: readonly string[]): void {
  for (const dir of dirs) {
    for (let above = path.dirname(dir); ; above = path.dirname(above)) {
      const found = statSync(above, { throwIfNoEntry: false });
      if (found && (found.mode & 0o001) === 0) {
        throw new Fault(`The service accounts can't reach ${dir}`, {
          why: `${above} lets only some accounts pass (its mode is ${(found.mode & 0o777).toString(8)}).`,
          next: `Choose another directory, or let others pass: chmod o+x ${above}`,
          code: 'permission',
        });
      }
      if (above === '/') break;
    }
  }
}
