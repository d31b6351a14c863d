import { Fault } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';

const longestMs = 600_000;

/** Runs systemctl and gives what it printed; a refusal is quoted. */
export async function systemctl(...args: readonly string[]): Promise<string> {
  const words = ['--no-pager', '--no-ask-password', ...args];
  const { code, stdout, stderr } = await runProgram('systemctl', words, { timeoutMs: longestMs });
  if (code === 0) return stdout;
  throw new Fault('systemd refused', {
    why: `systemctl ${args[0] ?? ''}: ${stderr.trim().split('\n')[0] ?? ''}`,
    next: 'See `casemate status` and `journalctl -xe`.',
    code: 'notReady',
  });
}
