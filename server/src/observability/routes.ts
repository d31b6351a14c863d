import { endpoint, json, platformPermission, type Endpoint } from '../platform/index.ts';
import { runbookOf } from './alert-rules.ts';
import { listAlerts } from './repo.ts';
import { overviewSchema } from './schema.ts';
import type { Facts } from './state-gauges.ts';
import type { Watch } from './watch-appliance.ts';

type Shown = Pick<Watch, 'latest' | 'minutes'> & { readonly mailed: boolean };

/** Before the first look. */
const NOTHING: Facts = {
  parts: null,
  keyServiceSealed: null,
  diskFreeRatio: null,
  logDiskFreeRatio: null,
  certificateSeconds: null,
  jobs: null,
  lockouts: null,
  tenants: null,
  controls: null,
  auditChainBroken: null,
  egressSilent: null,
  secrets: null,
  backupSeconds: null,
};

/** What sites without monitoring of their own look at. `watch` is null in programs that only describe. */
export function observabilityRoutes(watch: () => Shown | null): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/overview',
      summary: 'Health, alerts, queue, disk and the requests of the last hour',
      guard: platformPermission('platform.read'),
      limit: 'account',
      input: {},
      output: json(overviewSchema),
      audit: null,
      run: async (ctx) => {
        const alerts = await ctx.inControl(listAlerts);
        const shown = watch();
        const facts = shown?.latest() ?? null;
        return {
          lookedAt: facts && ctx.clock.now().toISOString(),
          ...(facts ?? NOTHING),
          mailed: shown?.mailed ?? false,
          alerts: alerts.map(({ since, resolvedAt, severity, ...alert }) => ({
            ...alert,
            runbook: runbookOf(alert.name),
            severity: severity === 'critical' ? 'critical' : 'warning',
            since: since.toISOString(),
            resolvedAt: resolvedAt?.toISOString() ?? null,
          })),
          minutes: [...(shown?.minutes() ?? [])],
        };
      },
    }),
  ];
}
