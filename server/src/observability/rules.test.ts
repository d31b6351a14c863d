import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createLog, createMetrics, createResilience, type Config } from '../platform/index.ts';
import { ALERT_RULES } from './alert-rules.ts';
import { prometheusRules } from './prometheus-rules.ts';
import { createStateGauges } from './state-gauges.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const rulesFile = path.join(root, 'helm/casemate/files/alert-rules.yaml');
const dashboards = path.join(root, 'helm/casemate/files/dashboards');
type Rule = { alert: string; expr: string; annotations: { runbook: string } };
const rules = (
  parse(readFileSync(rulesFile, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);

/** Names in an expression of Prometheus that are metrics. */
const metricsIn = (expression: string): string[] => expression.match(/casemate_\w+/g) ?? [];

function knownMetrics(): Set<string> {
  const metrics = createMetrics();
  const config = { CASEMATE_DATABASE_POOL: 2, CASEMATE_BREAKER_OPEN_SECONDS: 1 };
  createResilience(
    config as Config,
    createLog({ level: 'error', fields: {}, silent: true }),
    metrics.registry,
  ).shedding.stop();
  createStateGauges(metrics.registry);
  // A histogram is asked for by its three series.
  const names = metrics.registry
    .getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_count`, `${name}_sum`, `${name}_bucket`]);
  return new Set(names);
}

describe('OBS-01: the rules of the alerts', () => {
  it('OBS-01: the file is what the table says', () => {
    expect(readFileSync(rulesFile, 'utf8')).toBe(prometheusRules(ALERT_RULES));
  });

  it('OBS-01: every alert has its page, and every page its alert', () => {
    const pages = readdirSync(path.join(root, 'docs/runbooks')).map(
      (file) => `docs/runbooks/${file}`,
    );
    expect(pages.sort()).toEqual(rules.map(({ annotations }) => annotations.runbook).sort());
    for (const { alert, annotations } of rules) {
      const text = readFileSync(path.join(root, annotations.runbook), 'utf8');
      expect(text).toMatch(new RegExp(`^# ${alert}\n[\\s\\S]*\\*\\*What to do\\*\\*\n\n1\\. `));
    }
  });

  it('OBS-01: every metric of a rule or a dashboard exists', () => {
    const known = knownMetrics();
    const asked = [
      ...rules.flatMap(({ expr }) => metricsIn(expr)),
      ...readdirSync(dashboards).flatMap((file) =>
        metricsIn(readFileSync(path.join(dashboards, file), 'utf8')),
      ),
    ];
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('OBS-01: attacks and broken promises are among them', () => {
    const security = ALERT_RULES.filter(({ security }) => security).map(({ name }) => name);
    expect(security).toEqual(
      expect.arrayContaining([
        'CasemateSignInFailures',
        'CasemateKeyServiceSealed',
        'CasemateAuditChainBroken',
        'CasemateNotSilent',
      ]),
    );
  });
});
