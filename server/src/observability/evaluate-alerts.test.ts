import { describe, expect, it } from '@jest/globals';
import { ALERT_RULES, type AlertRule } from './alert-rules.ts';
import { createEvaluator, type Sample } from './evaluate-alerts.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const minute = (n: number): Date => new Date(start + n * 60_000);
const gauge: AlertRule = {
  name: 'CasemateTestGauge',
  severity: 'critical',
  of: { metric: 'casemate_part_up' },
  ...{ when: 'is', limit: 0, forMinutes: 2 },
  summary: 'made up',
};
const counter: AlertRule = {
  name: 'CasemateTestCounter',
  severity: 'warning',
  of: { metric: 'casemate_x_total', labels: { outcome: ['failed', 'lost'] } },
  ...{ overMinutes: 10, when: 'above', limit: 30, forMinutes: 0 },
  summary: 'made up',
};
const up = (values: Record<string, number>): Sample[] =>
  Object.entries(values).map(([part, value]) => ({
    metric: 'casemate_part_up',
    labels: { part },
    value,
  }));
const total = (value: number, outcome = 'failed'): Sample[] => [
  { metric: 'casemate_x_total', labels: { outcome }, value },
];

describe('OBS-01: the evaluator of alerts', () => {
  it('OBS-01: tells nothing of a gauge that is well, or away', () => {
    const { judge } = createEvaluator([gauge]);
    expect(judge(up({ database: 1 }), minute(0))).toEqual([]);
    expect(judge([], minute(10))).toEqual([]);
  });

  it('OBS-01: tells of a gauge once it has lasted, each part for itself, and begins anew after a gap', () => {
    const { judge } = createEvaluator([gauge]);
    expect(judge(up({ database: 0, ollama: 1 }), minute(0))).toEqual([]);
    expect(judge(up({ database: 0, ollama: 0 }), minute(1))).toEqual([]);
    expect(judge(up({ database: 0, ollama: 0 }), minute(2)).map(({ of }) => of)).toEqual([
      'part=database',
    ]);
    expect(judge(up({ database: 1, ollama: 0 }), minute(3)).map(({ of }) => of)).toEqual([
      'part=ollama',
    ]);
    expect(judge(up({ database: 0, ollama: 1 }), minute(4))).toEqual([]);
  });

  it('OBS-01: counts the growth of a counter over its minutes, and no longer', () => {
    const { judge } = createEvaluator([counter]);
    expect(judge(total(1000), minute(0))).toEqual([]);
    expect(judge(total(1031, 'other'), minute(1))).toEqual([]);
    expect(judge(total(1031), minute(2))).toHaveLength(1);
    expect(judge(total(1031), minute(13))).toEqual([]);
  });

  it('OBS-01: a counter that began anew counts from nothing', () => {
    const { judge } = createEvaluator([counter]);
    judge(total(1000), minute(0));
    expect(judge(total(20), minute(1))).toEqual([]);
    expect(judge(total(40), minute(2))).toHaveLength(1);
  });

  it.each(ALERT_RULES.map((rule) => [rule.name, rule] as const))(
    'OBS-01: %s speaks when its limit is passed, and is silent before',
    (_name, rule) => {
      const labels = Object.fromEntries(
        Object.entries(rule.of.labels ?? {}).map(([name, values]) => [name, values[0] ?? '']),
      );
      const at = (value: number): Sample[] => [{ metric: rule.of.metric, labels, value }];
      const [well, ill] =
        rule.when === 'is'
          ? [1 - Math.min(1, rule.limit), rule.limit]
          : rule.when === 'above'
            ? [rule.limit, rule.limit + 1]
            : [rule.limit, rule.limit - 0.001];
      const { judge } = createEvaluator([rule]);
      judge(at(0), minute(0));
      expect(judge(at(well), minute(1))).toEqual([]);
      const other = createEvaluator([rule]);
      other.judge(at(rule.overMinutes === undefined ? ill : 0), minute(0));
      const later = minute(Math.max(1, rule.forMinutes));
      expect(other.judge(at(ill), later).map((alert) => alert.rule.name)).toEqual([rule.name]);
    },
  );
});
