import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../installer/src/host/free-port.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import type { LiveFinding, RequestContext } from '../platform/index.ts';
import { bareHeaders, newId } from '../platform/index.ts';
import { liveChecks } from './live-checks.ts';

let appliance: TestAppliance;
let server: TestServer;

beforeAll(async () => {
  appliance = await startAppliance({
    CASEMATE_HTTP_PORT: await freePort(),
    CASEMATE_ANONYMOUS_PER_MINUTE: 1000,
  });
  server = await startServer(appliance.config);
});
afterAll(async () => {
  await server.stop();
  await appliance.stop();
});

/** The system's context, in which the server is at that port. */
function contextAt(port: number): RequestContext {
  const ctx = appliance.contextOf(null, null);
  const config = { ...ctx.platform.config, CASEMATE_HTTPS_PORT: port };
  return { ...ctx, platform: { ...ctx.platform, config } };
}

async function run(control: string): Promise<LiveFinding[]> {
  const checks = liveChecks({ identity: appliance.parts.identity, allRoutes: () => [] }).filter(
    (one) => one.control === control,
  );
  return Promise.all(checks.map((check) => check.run(contextAt(server.port))));
}

/** The first check of a control against a server elsewhere; those with a session need the real one. */
async function runAt(port: number, control: string): Promise<LiveFinding | undefined> {
  return liveChecks({ identity: appliance.parts.identity, allRoutes: () => [] })
    .find((one) => one.control === control)
    ?.run(contextAt(port));
}

const allPass = (findings: readonly LiveFinding[]): void => {
  expect(findings.filter(({ status }) => status !== 'pass')).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
};

describe('the live checks, on the server as it is', () => {
  it('HDR-01: every kind of answer has the headers, a stream of events too', async () => {
    const findings = await run('HDR-01');
    expect(findings).toHaveLength(2);
    allPass(findings);
  });
  it('SES-03: the refresh token of a real session travels in its cookie alone', async () =>
    allPass(await run('SES-03')));
  it('RBA-04: a real key does what it may, and the kept ones are the server’s', async () =>
    allPass(await run('RBA-04')));
  it.each([
    ['ends in more than a year', 366 * 2, ['documents.read']],
    ['has a scope that no key can have', 1, ['seal.hold']],
    ['was not made by the server', 1, null],
  ])('RBA-04: fails for a kept key that %s', async (_what, days, scopes) => {
    const tenantId = await appliance.makeTenant();
    const { accountId } = await appliance.makePerson({ [tenantId]: 'admin' });
    const facts = {
      ...{ id: newId(), tenantId, accountId, hash: randomBytes(32), addresses: [] },
      scopes: scopes ?? ['documents.read'],
      expiresAt: new Date(Date.now() + days * 86_400_000),
    };
    const seal = appliance.parts.identity.rights.sealApiKey(facts);
    await appliance.superuser.query(
      `insert into control.api_keys (id, tenant_id, account_id, name, hash, hint, scopes, created_by,
         expires_at, seal) values ($1, $2, $3, 'Forged', $4, 'abcd', $5, $3, $6, $7)`,
      [facts.id, tenantId, accountId, facts.hash, facts.scopes, facts.expiresAt, scopes && seal],
    );
    const [found] = await run('RBA-04');
    expect([found?.status, found?.evidence.includes(facts.id)]).toEqual(['fail', true]);
    await appliance.superuser.query('delete from control.api_keys where id = $1', [facts.id]);
  });
  it('DIS-01: security.txt and the policy are served', async () => allPass(await run('DIS-01')));
  it('SEC-02: the program refuses to start with wrong settings', async () =>
    allPass(await run('SEC-02')));
  it('TRU-01: evidence is signed by the key service', async () => allPass(await run('TRU-01')));
  it('TRU-02: nothing passes without a proof', async () => allPass(await run('TRU-02')));
  it('SES-03: the checks leave no session and no tenant behind', async () => {
    const { rows } = await appliance.superuser.query<{ count: string }>(
      `select count(*) from control.sessions where ended_at is null`,
    );
    expect(rows[0]?.count).toBe('0');
  });
});

describe('the live checks, on servers with a defect', () => {
  type Handler = RequestListener;

  async function withServer(handler: Handler, work: (port: number) => Promise<void>) {
    const info = partsInfo();
    const files = { cert: readFileSync(info.certFile), key: readFileSync(info.keyFile) };
    const defective = https.createServer(files, handler);
    await new Promise<void>((done) => defective.listen(0, '127.0.0.1', done));
    try {
      await work((defective.address() as AddressInfo).port);
    } finally {
      defective.closeAllConnections();
      await new Promise((done) => defective.close(done));
    }
  }
  /** The right status for each path that the check asks for, with the given headers. */
  const answering =
    (headers: Record<string, string>): Handler =>
    (request, response) => {
      const status = new Map([
        ['/api/none', 404],
        ['/assets/none.js', 404],
        ['/api/me', 401],
        ['/api/tenants', 415],
        ['/api/setup/x', 400],
      ]).get(request.url ?? '');
      response.writeHead(status ?? 200, headers).end('x');
    };

  it.each(Object.keys(bareHeaders))('HDR-01: fails without %s', async (name) => {
    const { [name]: _left, ...headers } = bareHeaders;
    await withServer(answering(headers), async (port) => {
      expect(await runAt(port, 'HDR-01')).toMatchObject({ status: 'fail' });
    });
  });
  it('HDR-01: fails with a policy that allows inline scripts', async () => {
    const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
    const headers = { ...bareHeaders, 'Content-Security-Policy': policy };
    await withServer(answering(headers), async (port) => {
      expect((await runAt(port, 'HDR-01'))?.status).toBe('fail');
    });
  });
  it('HDR-01: fails when an answer is not of the kind that was asked for', async () => {
    const handler: Handler = (_request, response) => response.writeHead(503, bareHeaders).end();
    await withServer(handler, async (port) => {
      expect((await runAt(port, 'HDR-01'))?.status).toBe('fail');
    });
  });
  it('DIS-01: fails without a contact, a date, or a policy', async () => {
    const handler: Handler = (_request, response) => response.writeHead(200).end('Contact: me\n');
    await withServer(handler, async (port) => {
      const found = await runAt(port, 'DIS-01');
      expect(found?.evidence).toContain('no contact; no date of expiry within a year');
      expect(found?.status).toBe('fail');
    });
  });
  it('TRU-01: fails when the kept evidence was altered in the database', async () => {
    const { superuser } = appliance;
    const evidence = JSON.stringify({
      type: 'casemate.controls.1',
      version: '0.1.0',
      at: '2026-11-22T10:00:00.000Z',
      controls: [],
      signature: { algorithm: 'Ed25519', key: 'k', value: 'AAAA' },
    });
    await superuser.query(
      `insert into control.trust_runs (id, at, version, evidence)
       values (gen_random_uuid(), now(), '0.1.0', $1)`,
      [evidence],
    );
    expect(await run('TRU-01')).toMatchObject([{ status: 'fail' }]);
    await superuser.query('delete from control.trust_runs');
  });
});
