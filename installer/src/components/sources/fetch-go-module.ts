import { runCommand } from '../run-command.ts';
import type { GoModule } from '../types.ts';
import type { SourceOptions } from './source-options.ts';

/** Downloads a pinned Go module and gives its (read-only) folder in Go's own module cache. */
export async function fetchGoModule(
  { package: name, version, sum }: GoModule,
  { workDir, signal, env }: SourceOptions,
): Promise<string> {
  const args = ['mod', 'download', '-json', `${name}@${version}`];
  const answer = await runCommand('go', args, { cwd: workDir, signal, env });
  const module = JSON.parse(answer) as { Dir: string; Sum: string };
  if (module.Sum !== sum) {
    throw new Error(`${name} ${version} is refused: its sum is ${module.Sum}, pinned is ${sum}`);
  }
  return module.Dir;
}
