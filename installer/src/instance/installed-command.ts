import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { InstanceLayout } from './layout.ts';

/** Where people find the command: on the PATH, or in the directory that the instance was put into. */
export function commandFile({
  layout,
}: {
  layout: Pick<InstanceLayout, 'root' | 'asRoot'>;
}): string {
  if (layout.root) return path.join(layout.root, 'bin', 'casemate');
  return layout.asRoot ? '/usr/local/bin/casemate' : path.join(homedir(), '.local/bin/casemate');
}

export function commandText(node: string, main: string): string {
  return `#!/bin/sh\nexec '${node}' --disable-warning=ExperimentalWarning '${main}' "$@"\n`;
}

/**
 * The program and first arguments of the installed command: what is to outlive this process must not
 * run from a bundle's medium or a checkout. Before there is one, this very program.
 */
export function installedCommand(layout: InstanceLayout): [string, ...string[]] {
  const own = path.resolve(import.meta.dirname, '../main.ts');
  let text = '';
  try {
    text = readFileSync(commandFile({ layout }), 'utf8');
  } catch {
    // Not installed yet.
  }
  const [, node, main] = /^exec '([^']+)' \S+ '([^']+)' "\$@"$/m.exec(text) ?? [];
  return [node ?? process.execPath, '--disable-warning=ExperimentalWarning', main ?? own];
}
