import { readFileSync } from 'node:fs';
import { ALERT_RULES } from '../observability/index.ts';
import type { LiveCheck, RequestContext } from '../platform/index.ts';
import { createApiClient } from './api-client.ts';
import { metricsToken } from './metrics-token.ts';

/** OBS-01: the running server shows its metrics to the collector's token, with what the alerts ask for. */
export const monitoringCheck: LiveCheck = {
  control: 'OBS-01',
  examines:
    'The metrics of the running server, asked over HTTPS with the token: the gauges that the alerts stand on are there, those of attacks too.',
  run: async (ctx) => {
    const shown = await readMetrics(ctx);
    // A counter appears with the first thing it counts; a gauge of the watch after its first look.
    const wanted = ['casemate_part_up', 'casemate_disk_free_ratio', 'casemate_lockouts'];
    const missing = wanted.filter((name) => !shown.includes(`\n${name}`));
    if (missing.length > 0)
      return { status: 'fail', evidence: `Not among the metrics: ${missing.join(', ')}.` };
    const security = ALERT_RULES.filter((rule) => rule.security).length;
    return {
      status: 'pass',
      evidence: `The metrics answer, and ${ALERT_RULES.length} alerts (${security} of attacks and broken promises) are judged every half minute.`,
    };
  },
};

async function readMetrics({ platform: { config } }: RequestContext): Promise<string> {
  const api = createApiClient({
    config,
    ca: readFileSync(config.CASEMATE_TLS_CERT_FILE),
    accessToken: metricsToken(config),
  });
  return api.text('/metrics');
}
