import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Need } from './gate.ts';
import { runCommand } from './run-command.ts';

type Preparation = { need: Need; logs: string; env: NodeJS.ProcessEnv };

const COMPONENTS: Partial<Record<Need, readonly string[]>> = {
  database: ['postgresql', 'openbao'],
  models: ['ollama', 'model-chat', 'model-embed'],
};

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Brings what a suite needs. Gives nothing when it is there, else what is missing and its mend. */
export async function prepare(preparation: Preparation): Promise<string | undefined> {
  const { need, env } = preparation;
  if (need === 'browser') return prepareBrowser(preparation);
  const names = COMPONENTS[need] ?? [];
  const command = ['node', 'installer/src/components/main.ts', ...names];
  const log = logOf(preparation);
  const code = await runCommand({ command, log, minutes: 45, env });
  return code === 0 ? undefined : `${names.join(', ')} could not be brought:\n${tail(log)}`;
}

async function prepareBrowser(preparation: Preparation): Promise<string | undefined> {
  const { env } = preparation;
  const search = env['PATH'] ?? '';
  if (env['CASEMATE_CHROMIUM'] ?? findProgram(search, ...BROWSERS)) return undefined;
  const mend =
    'No Chromium is here. Install it (Debian: apt-get install chromium; Fedora: dnf install ' +
    'chromium), or set CASEMATE_CHROMIUM to its program.';
  if (process.getuid?.() !== 0 || !findProgram(search, 'apt-get')) return mend;
  const log = logOf(preparation);
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ];
  for (const command of steps) {
    const code = await runCommand({ command, log, minutes: 15, env: quiet });
    if (code !== 0) return `${mend}\n${command.join(' ')} failed:\n${tail(log)}`;
  }
  return findProgram(search, ...BROWSERS) ? undefined : mend;
}

const logOf = ({ logs, need }: Preparation): string => path.join(logs, `prepare-${need}.log`);

const tail = (log: string): string =>
  readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
