import { CommandMissing, runCommand } from './run-command.ts';

/** Whether the host has a program that knows `--version`. */
export async function hasCommand(command: string, env?: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await runCommand(command, ['--version'], { env });
    return true;
  } catch (error) {
    if (error instanceof CommandMissing) return false;
    throw error;
  }
}
