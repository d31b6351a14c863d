import { existsSync } from 'node:fs';
import path from 'node:path';
import { backupFiles } from '../backup/plan.ts';
import { messageOf } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';

const MINUTE_MS = 60_000;

/** Looks every minute whether a backup, or a part of one, is due, as the timer of systemd does elsewhere. */
export function backUpMinutely(
  layout: InstanceLayout,
  say: (text: string) => void,
  run: (layout: InstanceLayout) => Promise<number | null> = runTick,
): () => void {
  let working = false;
  const timer = setInterval(() => {
    if (working || !existsSync(backupFiles(layout).planFile)) return;
    working = true;
    run(layout)
      .then((code) => {
        if (code !== 0)
          say(`a backup ended with ${code ?? 'a signal'}: see \`casemate backup status\``);
      })
      .catch((error: unknown) => say(`the backups could not be looked after: ${messageOf(error)}`))
      .finally(() => (working = false));
  }, MINUTE_MS);
  return () => clearInterval(timer);
}

async function runTick({ instance, root, sealDir }: InstanceLayout): Promise<number | null> {
  const place = root ? ['--data-dir', root, '--seal-dir', sealDir] : [];
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const words = ['--disable-warning=ExperimentalWarning', main];
  const { code } = await runProgram(
    process.execPath,
    [...words, 'backup', 'tick', '--instance', instance, ...place],
    // The instance of an account is found by its home directory.
    { inherit: true },
  );
  return code;
}
