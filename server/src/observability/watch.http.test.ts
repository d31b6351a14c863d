import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { partsInfo } from '../../tests/parts-info.ts';
import { signInPerson } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { createMetrics, type Config } from '../platform/index.ts';
import type { Sources } from './gather-facts.ts';
import { unboundedLabels } from './metric-labels.ts';
import type { Overview } from './schema.ts';
import { createMailer } from './send-mail.ts';
import { readSamples, watchAppliance, type Watch } from './watch-appliance.ts';

type Relay = { port: number; mails: string[]; close(): Promise<void> };

describe('the watch over the appliance', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
  const passwordFile = path.join(mkdtempSync(path.join(tmpdir(), 'cmo-')), 'password');
  let now = Date.parse('2026-11-22T12:00:00Z');

  beforeAll(async () => {
    writeFileSync(passwordFile, 'of the relay\n');
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 1000 });
    server = await startServer(appliance.config);
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await (one.stop ?? one.close)?.();
    await appliance.superuser.query('delete from control.alerts');
  });
  afterAll(async () => {
    rmSync(path.dirname(passwordFile), { recursive: true });
    await server.stop();
    await appliance.stop();
  });

  /** A real relay, as a site has it: it demands who sends, over TLS. */
  async function startRelay(more: SMTPServerOptions = {}): Promise<Relay> {
    const mails: string[] = [];
    const relay = new SMTPServer({
      key: readFileSync(appliance.config.CASEMATE_TLS_KEY_FILE),
      cert: readFileSync(appliance.config.CASEMATE_TLS_CERT_FILE),
      onAuth: ({ username }, _session, done) => done(null, { user: username }),
      onData: (stream, _session, done) =>
        void text(stream).then((mail) => {
          mails.push(mail);
          done();
        }),
      ...more,
    });
    relay.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    const { port } = relay.server.address() as AddressInfo;
    const one = { port, mails, close: () => new Promise<void>((done) => relay.close(done)) };
    open.push(one);
    return one;
  }
  const mailConfig = (port: number, more: Partial<Config> = {}): Config => ({
    ...appliance.config,
    CASEMATE_SMTP_HOST: 'localhost',
    CASEMATE_SMTP_PORT: port,
    CASEMATE_SMTP_CA_FILE: partsInfo().caFile,
    CASEMATE_SMTP_USER: 'casemate',
    CASEMATE_SMTP_PASSWORD_FILE: passwordFile,
    CASEMATE_ALERT_TO: ['ops@example.test'],
    ...more,
  });
  /** One process of the server, with metrics of its own. */
  function watchWith(parts: () => Record<string, boolean>, config: Config): Watch {
    const sources: Sources = {
      parts: () => Promise.resolve(parts()),
      keyServiceSealed: () => Promise.resolve(false),
      secrets: () => Promise.reject(new Error('away')),
      controls: () => Promise.resolve({ byStatus: { fail: 0 }, failing: [] }),
      egress: () => Promise.resolve(null),
    };
    const { platform } = appliance.parts;
    const clock = { ...platform.clock, now: () => new Date(now) };
    const own = { ...platform, config, clock, metrics: createMetrics() };
    const watch = watchAppliance({ platform: own, sources, sendMail: createMailer(config) });
    open.push(watch);
    return watch;
  }
  const later = (minutes: number): void => void (now += minutes * 60_000);

  it('OBS-01: without a relay nothing is sent, and the alert stands all the same', async () => {
    expect(createMailer(appliance.config)).toBeNull();
    const watch = watchWith(() => ({ 'model-server': false }), appliance.config);
    await watch.turn();
    later(3);
    await watch.turn();
    const { rows } = await appliance.superuser.query('select name, labels from control.alerts');
    expect(rows).toEqual([{ name: 'CasematePartDown', labels: 'part=model-server' }]);
  });

  it('OBS-01: one mail is sent when a part is down, however many processes see it, and one when it is back', async () => {
    const relay = await startRelay();
    let up = true;
    const all = [1, 2].map(() => watchWith(() => ({ database: up }), mailConfig(relay.port)));
    const turn = async (): Promise<void> => {
      for (const watch of all) await watch.turn();
    };
    await turn();
    expect(relay.mails).toEqual([]);
    up = false;
    await turn();
    later(1);
    await turn();
    expect(relay.mails).toEqual([]);
    later(2);
    await turn();
    await turn();
    expect(relay.mails).toHaveLength(1);
    expect(relay.mails[0]).toContain('critical: A part of the appliance does not answer');
    expect(relay.mails[0]).toContain('docs/runbooks/part-down.md');
    expect(relay.mails[0]).toContain('To: ops@example.test');
    up = true;
    await appliance.superuser.query(
      `update control.alerts set seen_at = now() - interval '1 hour'`,
    );
    await turn();
    expect(relay.mails).toHaveLength(2);
    expect(relay.mails[1]).toContain('ended: CasematePartDown, part=database');
  });

  it('OBS-01: a relay that offers no TLS gets neither the mail nor the password', async () => {
    const seen: string[] = [];
    const relay = await startRelay({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        seen.push(String(auth.password));
        done(null, { user: 'x' });
      },
    });
    const watch = watchWith(() => ({ database: false }), mailConfig(relay.port));
    await watch.turn();
    later(3);
    await watch.turn();
    expect([relay.mails, seen]).toEqual([[], []]);
    const sent = createMailer(mailConfig(relay.port))?.({ subject: 'x', text: 'x' });
    await expect(sent).rejects.toThrow(/STARTTLS/i);
  });

  it('OBS-01: a relay that shows another certificate gets nothing', async () => {
    const relay = await startRelay();
    const { CASEMATE_SMTP_CA_FILE: _ca, ...config } = mailConfig(relay.port);
    await expect(createMailer(config)?.({ subject: 'x', text: 'x' })).rejects.toThrow(
      /certificate|self.signed|issuer/i,
    );
    expect(relay.mails).toEqual([]);
  });

  it('OBS-01: what nobody can say is away from the metrics, and no old figure', async () => {
    const watch = watchWith(() => ({ database: true }), appliance.config);
    await watch.turn();
    expect(watch.latest()).toMatchObject({ secrets: null, backupSeconds: null, lockouts: 0 });
    expect(watch.latest()?.diskFreeRatio).toBeGreaterThan(0);
    expect(watch.latest()?.logDiskFreeRatio).toBeNull();
    expect(watch.latest()?.certificateSeconds).toBeGreaterThan(0);
    expect(watch.latest()?.keyServiceSealed).toBe(false);
  });

  it('OBS-01: no metric of a working server names a tenant, a person or a path', async () => {
    const tenantId = await appliance.makeTenant();
    const member = await signInPerson(appliance, { [tenantId]: 'admin' });
    const { token } = member;
    await server.ask('GET', `/api/tenants/${tenantId}`, { token });
    await server.ask('GET', `/api/tenants/${crypto.randomUUID()}/documents`, { token });
    await server.ask('GET', '/api/nowhere/018f6a3e-7c1d-7000-8000-000000000000');
    await server.ask('POST', '/api/session', {
      json: { email: 'anna@example.test', password: 'Wrong-password-1' },
    });
    const { status, text: shown } = await server.ask('GET', '/metrics', {
      token: readFileSync(path.join(appliance.config.CASEMATE_DATA_DIR, 'metrics-token'), 'utf8'),
    });
    expect(status).toBe(200);
    expect(shown).toContain('route="/api/tenants/:tenantId"');
    expect(shown).toMatch(/casemate_part_up\{part="database"\} 1/);
    expect(shown).not.toContain(tenantId);
    // Nobody has told of a backup: there is no figure, and not a zero.
    expect(shown).not.toMatch(/^casemate_backup_age_seconds/m);
    const samples = shown.split('\n').flatMap((line) => {
      const [, metric, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]);
      return metric ? [{ metric, labels: Object.fromEntries(pairs), value: 0 }] : [];
    });
    expect(samples.length).toBeGreaterThan(100);
    expect(unboundedLabels(samples)).toEqual([]);
    expect(unboundedLabels(await readSamples(appliance.parts.platform))).toEqual([]);
  });

  it('OBS-01: the overview is for administrators of the platform alone', async () => {
    const member = await signInPerson(appliance, { [await appliance.makeTenant()]: 'admin' });
    const refused = await server.ask('GET', '/api/platform/overview', { token: member.token });
    expect(refused.status).toBe(403);
    const admin = await signInPerson(appliance, {}, 'super_admin');
    const found = await server.ask('GET', '/api/platform/overview', { token: admin.token });
    expect(found.status).toBe(200);
    expect(found.json<Overview>()).toMatchObject({
      parts: { database: true, 'key-service': true },
      keyServiceSealed: false,
      lockouts: 0,
      mailed: false,
    });
  });
});
