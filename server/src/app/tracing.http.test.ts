import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer } from '../../tests/test-server.ts';

type Span = { name: string; traceId: string; spanId: string; parentSpanId?: string };
type Sent = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };

describe('OBS-01: traces of requests', () => {
  let appliance: TestAppliance;
  const bodies: string[] = [];
  const collector = http.createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  beforeAll(async () => {
    appliance = await startAppliance();
    collector.listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterAll(async () => {
    collector.close();
    await appliance.stop();
  });

  it('OBS-01: go to the collector with what a request did to database and key service, and name nobody', async () => {
    const tenantId = await appliance.makeTenant();
    const { token, accountId } = await signInPerson(appliance, { [tenantId]: 'admin' });
    const { port } = collector.address() as AddressInfo;
    const server = await startServer({
      ...appliance.config,
      CASEMATE_OTLP_TRACES_URL: `http://127.0.0.1:${port}/v1/traces`,
      CASEMATE_TRACE_PERCENT: 100,
    });
    expect((await server.ask('GET', `/api/tenants/${tenantId}/documents`, { token })).status).toBe(
      200,
    );
    // What waits is sent at the end.
    await server.stop();
    const spans = bodies
      .flatMap((body) => (JSON.parse(body) as Sent).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const request = spans.find(({ name }) => name === 'GET /api/tenants/:tenantId/documents');
    const below = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(below.map(({ name }) => name)).toContain('database');
    expect(below.every(({ traceId }) => traceId === request?.traceId)).toBe(true);
    for (const secret of [tenantId, accountId, token])
      expect(bodies.join('')).not.toContain(secret);
  });
});
