import { Fault } from '../fault.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { rotateAuditLogs as rotate } from '../supervisor/rotate-audit-logs.ts';
import { forgetCopies } from '../upgrade/forget-copies.ts';
import type { Command } from './command.ts';

/** Run by a timer under systemd; the installer's own supervisor does the same by itself. */
export const rotateAuditLogs: Command = {
  name: 'rotate-audit-logs',
  summary: 'move audit files of the key service aside, and remove what an upgrade kept too long',
  flags: {},
  internal: true,
  run: async ({ layout, answer }) => {
    await getSettings(layout);
    const { components } = await getRuntime(layout).status();
    const pid = components.find(({ id }) => id === 'openbao')?.pid ?? null;
    let moved = false;
    const reopen = () => {
      moved = true;
      return pid !== null && process.kill(pid, 'SIGHUP');
    };
    try {
      rotate({ dir: instancePaths(layout).vaultAuditDir, reopen });
    } catch (cause) {
      throw new Fault('The audit files of the key service could not be rotated', {
        why: (cause as Error).message,
        next: 'Make room on the disk of the logs: when neither file can be written, no key is given out.',
        cause,
      });
    }
    const forgotten = await forgetCopies(layout);
    answer(moved ? 'Rotated' : 'Nothing has grown', { moved, forgotten });
    return 'ok';
  },
};
