import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../run-command.ts';
import type { GoProgram } from '../types.ts';
import { fetchGoModule } from './fetch-go-module.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * Builds a program from its Go module, in the module's own (read-only) tree, so that its go.sum, which
 * our pinned sum covers, pins every dependency too. Without cgo: it asks no library of a host.
 */
export async function buildGoProgram(build: GoProgram, options: SourceOptions): Promise<string> {
  const { workDir, report, signal, env } = options;
  const name = path.basename(build.program);
  report({ kind: 'step', text: `fetching the source of ${name} ${build.version}` });
  const source = await fetchGoModule(build, options);
  const tree = path.join(workDir, 'tree');
  await mkdir(tree, { recursive: true });
  await cp(path.join(source, 'LICENSE'), path.join(tree, 'LICENSE'));
  const text = `compiling ${name}`;
  report({ kind: 'step', text: `${text} (some minutes)` });
  const output = path.join(tree, name);
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', output];
  let done = 0;
  await runCommand('go', ['build', '-v', ...flags, `./${build.program}`], {
    cwd: source,
    env,
    set: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
    signal,
    onLine: (line) => {
      if (/^\S+$/.test(line))
        report({ kind: 'progress', text: line, done: ++done, unit: 'packages' });
    },
    heartbeat: { report, text },
  });
  return tree;
}
