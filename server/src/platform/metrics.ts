import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of one process. Labels are bounded: route patterns, never paths or tenants. */
export type Metrics = {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly jobs: Counter<'kind' | 'outcome'>;
  readonly auditGap: Gauge;
  readonly openStreams: Gauge;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'casemate_' });
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'casemate_http_request_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
      registers,
    }),
    jobs: new Counter({
      name: 'casemate_jobs_total',
      help: 'Jobs by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    auditGap: new Gauge({
      name: 'casemate_audit_unsequenced_events',
      help: 'Committed audit events that the log does not hold yet, at the last pass',
      registers,
    }),
    openStreams: new Gauge({
      name: 'casemate_open_streams',
      help: 'Server-sent event streams that are open',
      registers,
    }),
  };
}
