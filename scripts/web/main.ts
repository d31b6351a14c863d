/** Fails when the built dashboard names an origin other than its own: `node scripts/web/main.ts [DIR]`. */
import path from 'node:path';
import { findOutsideOrigins } from './find-outside-origins.ts';

const dir = process.argv[2] ?? path.resolve(import.meta.dirname, '../../web/dist');
const found = findOutsideOrigins(dir);
for (const { file, url } of found) process.stderr.write(`${file} names ${url}\n`);
if (found.length > 0) process.exitCode = 1;
else process.stdout.write('The dashboard names no origin but its own.\n');
