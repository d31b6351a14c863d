/** Writes the rules of Prometheus from the table of alerts; with `--check` says whether they fit. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ALERT_RULES, prometheusRules } from '../../server/src/observability/index.ts';

/** Part of the chart, which can read no file outside itself; other sites take it from there. */
export const RULES_FILE = path.resolve(
  import.meta.dirname,
  '../../helm/casemate/files/alert-rules.yaml',
);

const text = prometheusRules(ALERT_RULES);
if (!process.argv.includes('--check')) writeFileSync(RULES_FILE, text);
else if (readFileSync(RULES_FILE, 'utf8') !== text) {
  process.stderr.write('The rules are older than the table: run `node scripts/alerts/main.ts`.\n');
  process.exitCode = 1;
}
