import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Entry = { type?: string; auth?: { policies?: string[] } };

/** Calls that the server made to the key service so far, by its audit log (one of its two devices). */
export function countKeyCalls(instanceDir: string): number {
  const folder = join(instanceDir, 'log/openbao');
  const [file] = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();
  if (!file) throw new Error(`no audit log of the key service in ${folder}`);
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Entry)
    .filter(({ type, auth }) => type === 'request' && auth?.policies?.includes('casemate-server'))
    .length;
}
