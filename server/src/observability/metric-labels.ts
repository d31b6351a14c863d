import type { Sample } from './evaluate-alerts.ts';

/** Every label there is. Each takes few values: none of them a tenant, a person, an address or a path. */
const LABELS: Readonly<Record<string, RegExp>> = {
  method: /^(get|post|patch|put|delete)$/,
  // As in the route table: an id stands there as its name.
  route: /^\/[\w/.:-]{0,120}$/,
  status: /^([1-5]\d\d|pass|fail|missing|not_applicable)$/,
  kind: /^[a-z][._a-z]*$/,
  outcome: /^[a-z_]+$/,
  part: /^[a-z-]+$/,
  disk: /^(data|logs)$/,
  reason: /^[a-z_-]+$/,
  state: /^[a-z_]+$/,
  le: /^(\+Inf|[\d.e+-]+)$/,
  // Of Node's own (prom-client).
  space: /^[a-z_]+$/,
  type: /^[A-Za-z_]+$/,
  quantile: /^[\d.]+$/,
  version: /^v[\d.]+$/,
  major: /^\d+$/,
  minor: /^\d+$/,
  patch: /^\d+$/,
};

const UUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}/i;

/** What breaks the bounds: a label that nobody declared, or a value that could be anybody's. */
export function unboundedLabels(samples: readonly Sample[]): string[] {
  const found = samples.flatMap(({ metric, labels }) =>
    Object.entries(labels).flatMap(([name, value]) => {
      const pattern = LABELS[name];
      if (!pattern) return [`${metric}: nobody declared the label ${name}`];
      return pattern.test(value) && !UUID.test(value) ? [] : [`${metric}: ${name}="${value}"`];
    }),
  );
  return [...new Set(found)];
}
