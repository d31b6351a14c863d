import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import type { IdentityParts } from '../identity/index.ts';
import {
  endpoint,
  json,
  metricsSecret,
  openApiDocument,
  openToAll,
  platformPermission,
  written,
  type Endpoint,
  type Platform,
} from '../platform/index.ts';
import { checkReadiness } from './check-readiness.ts';
import { disclosurePolicy, POLICY_PATH, securityText } from './disclosure.ts';
import { createSecretsComponent } from './secrets-component.ts';
import { VERSION } from './version.ts';

const component = z.object({
  id: z.enum(['database', 'key-service', 'model-server', 'provisioner', 'disk', 'secrets']),
  status: z.enum(['ok', 'degraded', 'down']),
  detail: z.string(),
  mend: z.string().nullable(),
});

type Options = { identity: IdentityParts; allRoutes: () => readonly Endpoint[] };

/** Routes of the process itself: health, metrics, keys, the API's own description. */
export function systemRoutes({ identity, allRoutes }: Options): readonly Endpoint[] {
  const secretsOf = createSecretsComponent();
  const anyone = { guard: openToAll, limit: 'anonymous', input: {}, audit: null } as const;
  return [
    endpoint({
      ...anyone,
      limit: 'health',
      method: 'get',
      path: '/health/live',
      summary: 'The process runs',
      output: json(z.object({ status: z.literal('ok') })),
      run: () => Promise.resolve({ status: 'ok' }),
    }),
    endpoint({
      ...anyone,
      limit: 'health',
      method: 'get',
      path: '/health/ready',
      summary: 'The process can serve: database and key service answer',
      output: written('application/json', '200 when ready, 503 with the faulty parts otherwise'),
      run: async ({ platform }, _input, { response }) => {
        const checks = await checkReadiness(platform);
        const ready = checks.every(({ id, status }) => status === 'ok' || id === 'model-server');
        response.setHeader('Cache-Control', 'no-store');
        response.status(ready ? 200 : 503).json({
          status: ready ? 'ok' : 'unavailable',
          checks: checks.map(({ id, status }) => ({ id, status })),
        });
      },
    }),
    endpoint({
      ...anyone,
      method: 'get',
      path: '/metrics',
      summary: 'Prometheus metrics, for whoever holds the token of the file metrics-token',
      guard: metricsSecret,
      output: written('text/plain', 'Prometheus text format'),
      run: async ({ platform }, _input, { response }) => {
        const { registry } = platform.metrics;
        response.type(registry.contentType).send(await registry.metrics());
      },
    }),
    endpoint({
      ...anyone,
      method: 'get',
      path: '/.well-known/jwks.json',
      summary: 'Public keys that verify access tokens (RFC 7517)',
      output: json(z.object({ keys: z.array(z.record(z.string(), z.unknown())) })),
      run: () => identity.tokens.keySet(),
    }),
    endpoint({
      ...anyone,
      method: 'get',
      path: '/.well-known/security.txt',
      summary: 'Where to report a vulnerability (RFC 9116)',
      output: written('text/plain', 'security.txt'),
      run: ({ platform, clock }, _input, { response }) => {
        response.type('text/plain').send(securityText(platform, clock.now()));
        return Promise.resolve();
      },
    }),
    endpoint({
      ...anyone,
      method: 'get',
      path: POLICY_PATH,
      summary: 'What whoever reports a vulnerability can expect, and their safe harbour',
      output: written('text/plain', 'The policy of disclosure, in Markdown'),
      run: (_ctx, _input, { response }) => {
        response.type('text/plain').send(disclosurePolicy());
        return Promise.resolve();
      },
    }),
    endpoint({
      ...anyone,
      method: 'get',
      path: '/api/openapi.json',
      summary: 'This description (OpenAPI 3.1)',
      output: written('application/json', 'The OpenAPI document'),
      run: (_ctx, _input, { response }) => {
        response.json(openApiDocument(allRoutes(), VERSION));
        return Promise.resolve();
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/platform/status',
      summary: 'State of the parts of the appliance, with the mend of each fault',
      guard: platformPermission('platform.read'),
      limit: 'account',
      input: {},
      output: json(z.object({ version: z.string(), components: z.array(component) })),
      audit: null,
      run: async (ctx) => ({
        version: VERSION,
        components: [
          ...(await checkReadiness(ctx.platform)),
          await diskOf(ctx.platform),
          await secretsOf(ctx),
        ],
      }),
    }),
  ];
}

async function diskOf({ config }: Platform): Promise<z.infer<typeof component>> {
  const { bavail, blocks, bsize } = await statfs(config.CASEMATE_DATA_DIR);
  const free = (bavail * bsize) / 1024 ** 3;
  const share = bavail / blocks;
  return {
    id: 'disk',
    status: share < 0.02 ? 'down' : share < 0.1 ? 'degraded' : 'ok',
    detail: `${free.toFixed(1)} GiB free (${Math.round(share * 100)} %)`,
    mend: share < 0.1 ? 'Make room on the data disk or enlarge it' : null,
  };
}
