import { runbookOf, type AlertRule, type Selector } from './alert-rules.ts';

/** Only Prometheus can see that the server itself is gone. */
const DOWN = {
  alert: 'CasemateDown',
  expr: 'absent(casemate_part_up)',
  for: '5m',
  severity: 'critical',
  security: false,
  summary: 'No server answers the collector of metrics',
} as const;

/** The expression that says the same as the rule does in the evaluator of the server. */
export function expressionOf({ of, overMinutes, when, limit }: AlertRule): string {
  const sign = { above: '>', below: '<', is: '==' }[when];
  const value =
    overMinutes === undefined
      ? selectorText(of)
      : `sum(increase(${selectorText(of)}[${overMinutes}m]))`;
  return `${value} ${sign} ${limit}`;
}

function selectorText({ metric, labels = {} }: Selector): string {
  const parts = Object.entries(labels).map(([name, values]) =>
    values.length === 1 ? `${name}="${values[0] ?? ''}"` : `${name}=~"${values.join('|')}"`,
  );
  return parts.length === 0 ? metric : `${metric}{${parts.join(',')}}`;
}

/** The file of rules, in Prometheus' format; a chart carries the same. */
export function prometheusRules(rules: readonly AlertRule[]): string {
  const all = [
    DOWN,
    ...rules.map((rule) => ({
      alert: rule.name,
      expr: expressionOf(rule),
      for: `${rule.forMinutes}m`,
      severity: rule.severity,
      security: rule.security === true,
      summary: rule.summary,
    })),
  ];
  const text = all.map(
    ({ alert, expr, for: lasting, severity, security, summary }) => `      - alert: ${alert}
        expr: ${quote(expr)}
        for: ${lasting}
        labels:
          severity: ${severity}
          kind: ${security ? 'security' : 'operation'}
        annotations:
          summary: ${quote(summary)}
          runbook: ${runbookOf(alert)}
`,
  );
  return `# Made from server/src/observability/alert-rules.ts by \`node scripts/alerts/main.ts\`.
groups:
  - name: casemate
    rules:
${text.join('')}`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
