import { runbookOf, type AlertRule } from '../../server/src/observability/index.ts';

/** Minutes of calm before, and after, what each rule is about. */
const CALM = 5;

/**
 * Unit tests for promtool, made from the table of alerts: each rule is silent in calm and as long as it must
 * last, fires then with its labels and its page, and ends. A counter also grows by less than the limit.
 */
export function promtoolTests(rules: readonly AlertRule[], rulesFile: string): string {
  return JSON.stringify({
    rule_files: [rulesFile],
    evaluation_interval: '1m',
    tests: rules.map((rule) =>
      rule.overMinutes === undefined ? gaugeTest(rule) : counterTest(rule),
    ),
  });
}

function gaugeTest(rule: AlertRule): object {
  const { calm, bad } = valuesOf(rule);
  const lasts = rule.forMinutes + 3;
  const end = CALM + lasts;
  return {
    interval: '1m',
    input_series: [
      { series: seriesOf(rule), values: `${calm}x${CALM - 1} ${bad}x${lasts - 1} ${calm}x10` },
    ],
    alert_rule_test: [
      expectation(rule, CALM - 1, false),
      ...(rule.forMinutes > 0 ? [expectation(rule, CALM + rule.forMinutes - 1, false)] : []),
      expectation(rule, CALM + rule.forMinutes + 1, true),
      expectation(rule, end + 1, false),
    ],
  };
}

/** What is as near to the limit as a test needs, on both sides. */
function valuesOf({ when, limit }: AlertRule): { calm: number; bad: number } {
  if (when === 'is') return { calm: limit === 0 ? 1 : 0, bad: limit };
  if (when === 'above') return { calm: limit, bad: limit + 1 };
  return { calm: limit, bad: limit - Math.max(limit / 100, 0.001) };
}

function counterTest(rule: AlertRule): object {
  const { limit, overMinutes = 0 } = rule;
  const [little, much] = [Math.floor(limit / 2), limit * 2];
  const gap = overMinutes + 3;
  // Calm, then a growth below the limit, then one above it, then calm again.
  const values = `0x${gap} ${little}x${gap} ${little + much}x${gap + 5}`;
  const above = 2 * (gap + 1);
  return {
    interval: '1m',
    input_series: [{ series: seriesOf(rule), values }],
    alert_rule_test: [
      expectation(rule, gap, false),
      expectation(rule, gap + 3, false),
      expectation(rule, above + rule.forMinutes + 1, true),
      expectation(rule, above + overMinutes + 4, false),
    ],
  };
}

const labelsOf = ({ of: { labels = {} } }: AlertRule): [string, string][] =>
  Object.entries(labels).map(([name, values]) => [name, values[0] ?? '']);

function seriesOf(rule: AlertRule): string {
  const labels = labelsOf(rule).map(([name, value]) => `${name}="${value}"`);
  return `${rule.of.metric}{${labels.join(',')}}`;
}

function expectation(rule: AlertRule, minute: number, fires: boolean): object {
  const { name: alertname, severity, security, summary, overMinutes } = rule;
  const series = overMinutes === undefined ? Object.fromEntries(labelsOf(rule)) : {};
  const alert = {
    exp_labels: { ...series, severity, kind: security ? 'security' : 'operation' },
    exp_annotations: { summary, runbook: runbookOf(alertname) },
  };
  return { eval_time: `${minute}m`, alertname, exp_alerts: fires ? [alert] : [] };
}
