import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import type { Authenticated } from '../../identity/index.ts';
import {
  anonymous,
  authenticated,
  empty,
  endpoint,
  newId,
  sendProblem,
  type Endpoint,
} from '../../platform/index.ts';
import { createRouter } from '../create-router.ts';
import { createLimits } from './create-limits.ts';

const route = (path: string, limit: Endpoint['limit']): Endpoint =>
  endpoint({
    method: 'post',
    path,
    summary: 'A route of this test',
    guard: authenticated,
    limit,
    input: {},
    output: empty,
    audit: null,
    run: () => Promise.resolve(),
  });

const routes: readonly Endpoint[] = [
  route('/password', 'password-change'),
  route('/second-factor', 'second-factor'),
  route('/dear', 'account'),
  route('/cheap', 'account'),
  route('/tenants/:tenantId/things', 'account'),
];

/** The router itself, over HTTP, with people whose token is their account's id. */
describe('the budgets of signed-in people', () => {
  let appliance: TestAppliance;
  let server: http.Server;
  const tenantId = newId();
  const members = new Set<string>();

  beforeAll(async () => {
    appliance = await startAppliance({
      CASEMATE_SECOND_FACTOR_PER_MINUTE: 2,
      CASEMATE_ROUTE_PER_MINUTE: 20,
      CASEMATE_ROUTE_LIMITS: new Map([['POST /dear', 4]]),
      CASEMATE_TENANT_PER_MINUTE: 15,
    });
    const { parts } = appliance;
    const app = express();
    app.use(
      createRouter({
        parts,
        routes,
        limits: createLimits(parts),
        authenticate: (request) => Promise.resolve(who(request.headers.authorization ?? '')),
        authenticateProgram: () => {
          throw new Error('no program calls here');
        },
        committed: () => undefined,
        draining: new AbortController().signal,
      }),
    );
    const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) =>
      sendProblem(response, error, { requestId: newId(), log: parts.platform.log });
    app.use(onError);
    server = http.createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(async () => {
    server.close();
    await appliance.stop();
  });

  const who = (accountId: string): Authenticated => ({
    actor: { ...anonymous, kind: 'human', accountId, auditId: newId() },
    standingIn: () =>
      members.has(accountId) ? { role: 'member', level: 50, granted: [], minimum: {} } : null,
  });
  const port = (): number => (server.address() as AddressInfo).port;
  /** How many of so many requests at once are not refused by a budget. */
  const admitted = async (path: string, accountId: string, count: number): Promise<number> => {
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        fetch(`http://127.0.0.1:${port()}${path}`, {
          method: 'POST',
          headers: { authorization: accountId },
        }),
      ),
    );
    return answers.filter(({ status }) => status !== 429).length;
  };

  it('RAT-01: three password changes and two second factors a minute, of each account', async () => {
    const [one, other] = [newId(), newId()];
    expect(await admitted('/password', one, 10)).toBe(3);
    expect(await admitted('/second-factor', one, 10)).toBe(2);
    expect(await admitted('/password', other, 3)).toBe(3);
  });

  it('RAT-01: each route has a budget of its own, and a setting may name it', async () => {
    const one = newId();
    expect(await admitted('/dear', one, 10)).toBe(4);
    expect(await admitted('/cheap', one, 30)).toBe(20);
    expect(await admitted('/dear', newId(), 4)).toBe(4);
  });

  it('RAT-01: a tenant’s people share its budget, which nobody else can spend', async () => {
    const [one, other, stranger] = [newId(), newId(), newId()];
    members.add(one).add(other);
    const path = `/tenants/${tenantId}/things`;
    expect(await admitted(path, stranger, 18)).toBe(18);
    expect((await admitted(path, one, 10)) + (await admitted(path, other, 10))).toBe(15);
    expect(await admitted('/cheap', other, 5)).toBe(5);
  });
});
