import { writeFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import type { UpgradeJournal } from './journal.ts';
import type { Upgrade } from './told.ts';

/** After a power cut nothing runs; what an upgrade does before its switch needs the old version. */
export async function startOld({ layout, journal }: Pick<Upgrade, 'layout' | 'journal'>) {
  const { components } = await getRuntime(layout).status();
  const needed = components.filter(({ id }) => id === 'postgresql' || id === 'openbao');
  if (needed.every(({ ready }) => ready)) return;
  await askOldCommand(layout, journal, ['up']);
}

/**
 * Runs the command of the version before: only it knows how its programs are started. Its file may
 * name the new version by now, so a copy of what stood there is run.
 */
export async function askOldCommand(
  layout: InstanceLayout,
  journal: UpgradeJournal,
  words: readonly string[],
): Promise<void> {
  const place = layout.root ? ['--data-dir', layout.root, '--seal-dir', layout.sealDir] : [];
  const file = path.join(layout.configDir, 'command-before');
  await writeFile(file, journal.command.text, { mode: 0o700 });
  const args = [file, ...words, '--instance', layout.instance, ...place];
  const { code, stderr } = await runProgram('/bin/sh', args, { inherit: true, timeoutMs: 300_000 });
  await rm(file, { force: true });
  if (code === 0) return;
  throw new Fault(`The version from before did not ${words[0] ?? 'run'}`, {
    why: stderr.trim().split('\n').slice(-3).join(' '),
    next: 'See `casemate status` and `casemate logs`, then run `casemate upgrade --resume`.',
    code: 'notReady',
  });
}
