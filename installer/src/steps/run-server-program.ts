import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { runProgram } from '../host/run-program.ts';
import type { ProgramResult } from '../host/run-program.ts';
import { instancePaths } from '../instance/paths.ts';
import type { VaultRole } from '../instance/paths.ts';
import { serverProgram } from '../supervisor/process-specs.ts';
import { writeSecretId } from '../supervisor/secret-ids.ts';
import { serverEnv } from '../supervisor/server-env.ts';
import type { InstallContext } from './step.ts';

/**
 * Runs one of the server's own commands to its end, as the server's account, signed in to the key
 * service as `role`. Resolves with its standard output.
 */
export async function runServerProgram(
  context: Installed,
  role: VaultRole,
  words: readonly string[],
): Promise<string> {
  const { code, stdout, stderr } = await runServerCommand(context, role, words);
  if (code === 0) return stdout;
  throw new Fault(`\`${words[0] ?? ''}\` of the server failed`, {
    why: lastWords(stderr) || lastWords(stdout) || `It ended with ${code ?? 'a signal'}.`,
    next: 'Mend what it says, then run the command again.',
  });
}

type Installed = Pick<InstallContext, 'layout' | 'settings'> & {
  /** For its standard input. */
  input?: string;
  /** Over its usual environment: another database, for example. */
  env?: Readonly<Record<string, string>>;
};

/** The same for a caller that knows what a failure means. */
export async function runServerCommand(
  { layout, settings, input, env }: Installed,
  role: VaultRole,
  words: readonly string[],
): Promise<ProgramResult> {
  const [command = 'help', ...rest] = words;
  const [program, ...args] = serverProgram(settings, command);
  const runAs = getAccounts(layout)['casemate'];
  const { commandDir } = instancePaths(layout);
  const name = `${role}-${randomBytes(6).toString('hex')}`;
  const file = path.join(commandDir, name);
  await writeSecretId({ layout, role, owner: runAs, file });
  return runProgram(program, [...args, ...rest], {
    env: {
      ...serverEnv(layout, settings, role),
      CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: file,
      CASEMATE_VAULT_REQUEST_FILE: `${file}.request`,
      ...env,
    },
    runAs,
    ...(input === undefined ? {} : { input }),
    timeoutMs: 600_000,
  }).finally(() => Promise.all([file, `${file}.request`].map((left) => rm(left, { force: true }))));
}

/** The message of the last line of a JSON log, or the line itself; of a trace its first line. */
export function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const line = lines.filter((candidate) => !/^\s+at /.test(candidate)).at(-1) ?? '';
  try {
    const { message, msg, error } = JSON.parse(line) as Record<string, unknown>;
    return [message ?? msg, error].filter(Boolean).map(String).join(': ');
  } catch {
    return line;
  }
}
