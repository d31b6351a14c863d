import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listFiles, readFiles } from '../structure/list-files.ts';
import { scanMigrations } from './scan-migrations.ts';

/** SUP-01: scans every migration, or the files that are named; exits 1 on a finding. */
const root = path.resolve(import.meta.dirname, '../..');
const named = process.argv.slice(2);
const files =
  named.length > 0
    ? named.map((file) => ({ path: file, text: readFileSync(file, 'utf8') }))
    : readFiles(
        root,
        listFiles(root).filter((file) => /^server\/migrations\/.*\.sql$/.test(file)),
      );
const findings = scanMigrations(files);
for (const finding of findings) console.error(finding);
if (files.length === 0) console.error('no migration was found: a scan of nothing proves nothing');
else if (findings.length === 0) console.log(`${files.length} migrations, nothing to refuse`);
process.exitCode = findings.length === 0 && files.length > 0 ? 0 : 1;
