/**
 * Writes README.md and values.schema.json of the chart from its values.yaml, and its copy of
 * bootstrap.sql; `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { plainSql } from './plain-sql.ts';
import { readValues } from './read-values.ts';
import { writeReadme } from './write-readme.ts';
import { writeSchema } from './write-schema.ts';

const chart = path.resolve(import.meta.dirname, '../../helm/casemate');
const values = readValues(readFileSync(path.join(chart, 'values.yaml'), 'utf8'));
const bootstrap = path.resolve(chart, '../../server/migrations/bootstrap.sql');
const written = {
  'README.md': writeReadme(values),
  'values.schema.json': writeSchema(values),
  'files/bootstrap.sql': plainSql(readFileSync(bootstrap, 'utf8')),
};
for (const [name, raw] of Object.entries(written)) {
  const file = path.join(chart, name);
  const text = name.endsWith('.sql')
    ? raw
    : await format(raw, { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} is not what its source says: run node scripts/chart/main.ts\n`);
    process.exitCode = 1;
  }
}
