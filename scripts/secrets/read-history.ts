import { execFileSync } from 'node:child_process';

/** Every line that any commit of the current branch added, by file, for a scan of the history. */
export function readHistory(root: string): { path: string; text: string }[] {
  const log = execFileSync(
    'git',
    [
      'log',
      '-p',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '-U0',
      '--format=commit %h',
      '--',
      '.',
      ':!package-lock.json',
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  return splitHistory(log);
}

/** Splits `git log -p -U0 --format='commit %h'` into the added lines of each file of each commit. */
export function splitHistory(log: string): { path: string; text: string }[] {
  const added: { path: string; text: string }[] = [];
  let commit = '';
  let current: { path: string; text: string } | undefined;
  for (const line of log.split('\n')) {
    if (line.startsWith('commit ')) commit = line.slice(7);
    else if (line.startsWith('+++ ')) {
      current = { path: `${commit}:${line.slice(6)}`, text: '' };
      added.push(current);
    } else if (line.startsWith('+') && current) current.text += `${line.slice(1)}\n`;
  }
  return added;
}
