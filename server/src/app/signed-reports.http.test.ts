import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signHostReports } from '../../../installer/src/trust/sign-host-reports.ts';
import { signAsHost } from '../../tests/sign-as-host.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { CATALOGS, KINDS, addLogsToRun, type Report } from '../isolation/index.ts';
import { newId, type LiveFinding } from '../platform/index.ts';
import {
  SIGNED_TYPES,
  signEvidence,
  verifyControls,
  type HostStatement,
  type SignedEvidence,
} from '../trust/index.ts';
import { liveChecks } from './live-checks.ts';
import { judgeReport, reportSigner } from './sign-report.ts';
import { VERSION } from './version.ts';

const DAY_MS = 86_400_000;
const kindCount = { attempts: 1, twins: 1, leaks: 0, not_shown: 0, seconds: 1 };
const clean = (at = new Date()): Report => ({
  ok: true,
  version: VERSION,
  at: at.toISOString(),
  seconds: 1,
  attempts: 13,
  twins: 13,
  leaks: [],
  bytes: 0,
  rows: 0,
  effects: 0,
  not_shown: [],
  coverage: Object.fromEntries(
    CATALOGS.map((name) => [name, { covered: 1, of: 1, missing: [] as string[] }]),
  ) as Report['coverage'],
  by_kind: Object.fromEntries(KINDS.map((kind) => [kind, kindCount])) as Report['by_kind'],
  skipped: [],
});

/** Whoever holds the server's login to the database can write these tables; no key comes with it. */
describe('what the database keeps of tests and verifications', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let admin: SignedIn;
  const folder = mkdtempSync(join(tmpdir(), 'signed-reports-'));
  const host = generateKeyPairSync('ed25519');
  const hostKeyFile = join(folder, 'host.pub');

  beforeAll(async () => {
    writeFileSync(hostKeyFile, host.publicKey.export({ type: 'spki', format: 'pem' }));
    appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 1000 });
    server = await startServer(appliance.config);
    admin = await signInPerson(appliance, {}, 'super_admin');
  });
  beforeEach(() =>
    appliance.superuser.query(
      `delete from control.isolation_runs; delete from control.trust_runs;
       delete from control.host_findings`,
    ),
  );
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
    await appliance.stop();
  });

  const system = () => appliance.contextOf(null, null);
  /** With the rights of the server's login alone. */
  const write = (text: string, values: unknown[]): Promise<number> =>
    system().inControl((tx) => tx.execute(text, values));
  const sign = (report: object, type: (typeof SIGNED_TYPES)[keyof typeof SIGNED_TYPES]) =>
    signEvidence(appliance.parts.platform.vault, type, report);

  describe('reports of the isolation test', () => {
    const keep = async (report: object): Promise<string> => {
      const id = newId();
      await write(
        `insert into control.isolation_runs (id, version, origin) values ($1, $2, 'test')`,
        [id, VERSION],
      );
      await write(
        `update control.isolation_runs set state = 'done', finished_at = now(), ok = true, report = $2
         where id = $1`,
        [id, JSON.stringify(report)],
      );
      return id;
    };
    const check = async (): Promise<LiveFinding | undefined> =>
      liveChecks({ identity: appliance.parts.identity, allRoutes: () => [] })
        .find(({ control }) => control === 'ISO-09')
        ?.run(system());
    const shown = async () =>
      (await server.ask('GET', '/api/platform/isolation', { token: admin.token })).json<{
        runs: { state: string; ok: boolean | null; error: string | null }[];
      }>().runs[0];

    it.each<[string, () => Promise<object>]>([
      ['that nobody signed', () => Promise.resolve(clean())],
      [
        'with a made-up signature',
        () => {
          const signature = { algorithm: 'Ed25519', key: 'k', value: 'AAAA' };
          return Promise.resolve({ ...clean(), type: SIGNED_TYPES.isolation, signature });
        },
      ],
      [
        'that was changed after it was signed',
        async () => {
          const old = clean(new Date(Date.now() - 30 * DAY_MS));
          return { ...(await sign(old, SIGNED_TYPES.isolation)), at: new Date().toISOString() };
        },
      ],
      ['that was signed as something else', () => sign(clean(), SIGNED_TYPES.controls)],
      [
        'of the future, which would never age',
        () => sign(clean(new Date(Date.now() + 365 * DAY_MS)), SIGNED_TYPES.isolation),
      ],
    ])('ISO-09: a report %s fails the control and is not shown', async (_what, make) => {
      const id = await keep(await make());
      const found = await check();
      expect(found?.status).toBe('fail');
      expect(found?.evidence).toContain('run `casemate isolation test`');
      expect(await shown()).toMatchObject({ state: 'failed', ok: false });
      // Nor does the appliance sign it anew with what the host found in the logs.
      const wish = { runId: id, logs: [], sign: reportSigner(appliance.parts), judge: judgeReport };
      await expect(addLogsToRun({ ctx: system() }, wish)).rejects.toThrow('run the isolation test');
      // The rightful one passes, also when a clock runs a little ahead.
      await appliance.superuser.query('delete from control.isolation_runs');
      await keep(await sign(clean(new Date(Date.now() + 60_000)), SIGNED_TYPES.isolation));
      expect(await check()).toMatchObject({ status: 'pass' });
      expect(await shown()).toMatchObject({ state: 'done', ok: true });
    });

    it('ISO-09: a report of a week ago has not been tried lately', async () => {
      await keep(await sign(clean(new Date(Date.now() - 8 * DAY_MS)), SIGNED_TYPES.isolation));
      expect(await check()).toMatchObject({ status: 'not_applicable' });
    });
  });

  describe('verifications', () => {
    const parts = {
      checks: [],
      proofs: [{ control: 'NET-02', host: ['listening-sockets'] }],
      running: { version: VERSION, builtFrom: null },
      folder: null,
      hostKeyFile,
    };
    const statement = (change: Partial<HostStatement> = {}): HostStatement =>
      signAsHost(host.privateKey, {
        control: 'NET-02',
        host: 'listening-sockets',
        status: 'pass',
        evidence: 'Nothing listens.',
        at: new Date().toISOString(),
        version: VERSION,
        ...change,
      });
    const insert = (of: HostStatement): Promise<number> =>
      write(
        `insert into control.host_findings (control, name, status, evidence, at, version, signature)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [of.control, of.host, of.status, of.evidence, of.at, of.version, of.signature],
      );
    const verify = async (
      keyFile = hostKeyFile,
    ): Promise<SignedEvidence['controls'][number] | undefined> =>
      (
        await verifyControls(
          system(),
          { ...parts, hostKeyFile: keyFile },
          { ids: ['NET-02'], host: null },
        )
      ).controls[0];

    it.each<[string, () => HostStatement]>([
      ['nobody signed', () => ({ ...statement(), signature: 'AAAA' })],
      [
        'another key signed',
        () => signAsHost(generateKeyPairSync('ed25519').privateKey, statement()),
      ],
      [
        'the host signed otherwise',
        () => ({ ...statement({ status: 'fail' }), status: 'pass' as const }),
      ],
      [
        'the host signed of another check',
        () => ({ ...statement({ host: 'storage' }), host: 'listening-sockets' }),
      ],
      ['is of the future', () => statement({ at: new Date(Date.now() + DAY_MS).toISOString() })],
      ['is a text of another kind', () => signAsHost(host.privateKey, statement(), 'other.1')],
    ])('TRU-02: what the host is said to have found, but %s, fails', async (_what, make) => {
      await insert(make());
      const found = await verify();
      expect(found?.status).toBe('fail');
      expect(found?.evidence).toContain('run casemate verify on it');
      await write('delete from control.host_findings', []);
      await insert(statement());
      expect(await verify()).toMatchObject({ status: 'pass', evidence: 'Nothing listens.' });
    });

    it('TRU-02: what the installer of this host signs counts, by a key that no service can read', async () => {
      const paths = {
        hostKeyFile: join(folder, 'own.key'),
        hostPublicKeyFile: join(folder, 'own.pub'),
      };
      const { signature: _signature, version: _version, ...found } = statement();
      const report = { ...found, status: 'pass' as const };
      await signHostReports(paths, [report], VERSION);
      const [signed] = await signHostReports(paths, [report], VERSION);
      expect(statSync(paths.hostKeyFile).mode & 0o777).toBe(0o400);
      if (signed) await insert(signed);
      expect(await verify()).toMatchObject({ status: 'fail' });
      expect(await verify(paths.hostPublicKeyFile)).toMatchObject({ status: 'pass' });
    });

    it('TRU-02: what the host found of another version is no proof of this one', async () => {
      await insert(statement({ version: '0.0.1' }));
      expect(await verify()).toMatchObject({ status: 'missing' });
    });

    const run = (change: object = {}) => ({
      version: VERSION,
      at: new Date().toISOString(),
      controls: [
        { id: 'MFA-01', status: 'pass', proof: 'test', evidence: 'All well.', checked_at: null },
      ],
      ...change,
    });
    const keepRun = (evidence: object): Promise<number> =>
      write(
        `insert into control.trust_runs (id, at, version, evidence) values ($1, now(), $2, $3)`,
        [newId(), VERSION, JSON.stringify(evidence)],
      );
    const page = async () =>
      (await server.ask('GET', '/api/platform/trust', { token: admin.token })).json<{
        lastRun: object | null;
        controls: { id: string; status: string; evidence: string }[];
      }>();
    const rowOf = async () => (await page()).controls.find(({ id }) => id === 'MFA-01');

    it.each<[string, () => Promise<object>]>([
      [
        'a made-up signature',
        () => {
          const signature = { algorithm: 'Ed25519', key: 'k', value: 'AAAA' };
          return Promise.resolve({ ...run(), type: SIGNED_TYPES.controls, signature });
        },
      ],
      ['the signature of another kind of text', () => sign(run(), SIGNED_TYPES.isolation)],
      [
        'a date of the future',
        () => sign(run({ at: new Date(Date.now() + DAY_MS).toISOString() }), SIGNED_TYPES.controls),
      ],
    ])('TRU-01: a kept run with %s is shown as a failure and not exported', async (_what, make) => {
      await keepRun(await make());
      const row = await rowOf();
      expect(row?.status).toBe('fail');
      expect(row?.evidence).toContain('Run the verification again');
      expect((await page()).lastRun).toBeNull();
      const path = '/api/platform/trust/evidence';
      expect((await server.ask('GET', path, { token: admin.token })).status).toBe(409);
      // The rightful one is shown and exported.
      await write('delete from control.trust_runs', []);
      await keepRun(await sign(run(), SIGNED_TYPES.controls));
      expect(await rowOf()).toMatchObject({ status: 'pass', evidence: 'All well.' });
      expect((await server.ask('GET', path, { token: admin.token })).status).toBe(200);
    });
  });
});
