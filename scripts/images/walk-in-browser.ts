import { execFileSync } from 'node:child_process';
import path from 'node:path';

type Walk = { address: string; setupLink: string; at?: string; caFile: string };
export type Walked = { token: string; answer: string; other: string | null; faults: string[] };

/** Walks the main path of a person in Chromium; a program of its own, typed for the browser. */
export function walkInBrowser({ caFile, ...installation }: Walk): Walked {
  const program = path.resolve(import.meta.dirname, '../../web/tests/walk-installation.ts');
  const words = ['--disable-warning=ExperimentalWarning', program, JSON.stringify(installation)];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/tmp', CASEMATE_CA_FILE: caFile };
  return JSON.parse(execFileSync(process.execPath, words, { env, encoding: 'utf8' })) as Walked;
}
