import type { AlertRule, Selector } from './alert-rules.ts';

export type Sample = {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

export type Alert = {
  readonly rule: AlertRule;
  /** What tells it from others of the rule: `part=database`. */
  readonly of: string;
  readonly value: number;
  readonly since: Date;
};

type Seen = { readonly at: number; readonly samples: readonly Sample[] };

/**
 * Judges the rules on what one process measures, as Prometheus would. It is told the samples at each
 * turn, and remembers what it needs of earlier ones; a metric that is away says nothing.
 */
export function createEvaluator(rules: readonly AlertRule[]): {
  judge(samples: readonly Sample[], now: Date): readonly Alert[];
} {
  const since = new Map<string, Date>();
  const longest = Math.max(...rules.map(({ overMinutes }) => overMinutes ?? 0)) * 60_000;
  let history: Seen[] = [];
  return {
    judge: (samples, now) => {
      const at = now.getTime();
      history = [...history.filter((seen) => at - seen.at <= longest), { at, samples }];
      const holding = rules.flatMap((rule) => holds(rule, history, at));
      const keys = new Set(holding.map(({ key }) => key));
      for (const key of since.keys()) if (!keys.has(key)) since.delete(key);
      return holding.flatMap(({ rule, of, value, key }) => {
        const begun = since.get(key) ?? now;
        since.set(key, begun);
        const lasted = at - begun.getTime() >= rule.forMinutes * 60_000;
        return lasted ? [{ rule, of, value, since: begun }] : [];
      });
    },
  };
}

type Holding = { rule: AlertRule; of: string; value: number; key: string };

function holds(rule: AlertRule, history: readonly Seen[], now: number): Holding[] {
  const latest = history.at(-1)?.samples ?? [];
  const values =
    rule.overMinutes === undefined
      ? select(latest, rule.of).map(({ labels, value }) => ({ of: labelText(labels), value }))
      : [{ of: '', value: growth(rule, history, now) }];
  return values
    .filter(({ value }) => exceeds(rule, value))
    .map((found) => ({ rule, ...found, key: `${rule.name} ${found.of}` }));
}

/** Of counters, all samples together; one that has become smaller began anew, as after a restart. */
function growth(rule: AlertRule, history: readonly Seen[], now: number): number {
  const from = now - (rule.overMinutes ?? 0) * 60_000;
  const within = history.filter(({ at }) => at >= from);
  const totals = within.map(({ samples }) =>
    select(samples, rule.of).reduce((sum, { value }) => sum + value, 0),
  );
  return totals.slice(1).reduce((sum, total, index) => {
    const before = totals[index] ?? 0;
    return sum + (total >= before ? total - before : total);
  }, 0);
}

function select(samples: readonly Sample[], { metric, labels = {} }: Selector): Sample[] {
  return samples.filter(
    (sample) =>
      sample.metric === metric &&
      Object.entries(labels).every(([name, values]) => values.includes(sample.labels[name] ?? '')),
  );
}

function exceeds({ when, limit }: AlertRule, value: number): boolean {
  if (when === 'is') return value === limit;
  return when === 'above' ? value > limit : value < limit;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
