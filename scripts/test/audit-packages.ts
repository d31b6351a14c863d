import { spawnSync } from 'node:child_process';
import { readAudit } from './read-audit.ts';
import { SKIPPED } from './run-gate.ts';

/** SUP-01: asks the registry for advisories on what ships; high and critical ones fail. */
const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  timeout: 120_000,
});
const verdict = readAudit(stdout);
if (verdict === undefined) {
  console.error(stderr.trim());
  console.error("not audited: the registry gave no advisories (npm audit's endpoint is not there)");
  process.exitCode = SKIPPED;
} else {
  for (const line of verdict) console.error(line);
  process.exitCode = verdict.length === 0 ? 0 : 1;
}
