import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The dashboard's typed client is the one that the server's description makes today. */
const root = path.resolve(import.meta.dirname, '../..');
const run = (script: string, args: string[], input?: string): string =>
  execFileSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...(input !== undefined && { input }),
  });

const description = run('server/src/main.ts', ['openapi']);
const made = run('node_modules/openapi-typescript/bin/cli.js', [], description);
const kept = readFileSync(path.join(root, 'web/src/lib/api/schema.d.ts'), 'utf8');
if (made !== kept) {
  console.error("web/src/lib/api/schema.d.ts is not the client of today's server:");
  console.error('run `npm run generate -w web` and commit it.');
  process.exitCode = 1;
}
