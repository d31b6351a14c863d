import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signAsHost } from '../../tests/sign-as-host.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import type { LiveFinding } from '../platform/index.ts';
import { canonicalJson } from './evidence/canonical-json.ts';
import {
  listEvidenceKeys,
  SIGNED_TYPES,
  verifyEvidence,
  type SignedEvidence,
} from './evidence/signed-evidence.ts';
import type { HostStatement } from './evidence/read-host-key.ts';
import type { TrustPage } from './schema.ts';
import { showControls } from './show-controls.ts';
import { verifyControls, type TrustParts } from './verify-controls.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
const host = generateKeyPairSync('ed25519');
const hostKeyFile = join(folder, 'host.pub');
writeFileSync(hostKeyFile, host.publicKey.export({ type: 'spki', format: 'pem' }));
let appliance: TestAppliance;
let server: TestServer;
let admin: SignedIn;
let member: SignedIn;

beforeAll(async () => {
  appliance = await startAppliance({ CASEMATE_ANONYMOUS_PER_MINUTE: 1000 });
  server = await startServer(appliance.config);
  admin = await signInPerson(appliance, {}, 'super_admin');
  member = await signInPerson(appliance, { [await appliance.makeTenant()]: 'admin' });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
  await appliance.stop();
});

const system = () => appliance.contextOf(null, null);
const pageOf = async () =>
  (await server.ask('GET', '/api/platform/trust', { token: admin.token })).json<
    TrustPage & { running: boolean; failed: boolean }
  >();

/** Begins a verification over the API and waits until the page says that it has ended. */
async function pageAfterRun(): Promise<TrustPage> {
  const begun = await server.ask('POST', '/api/platform/trust/runs', { token: admin.token });
  expect(begun.status).toBe(202);
  for (;;) {
    const page = await pageOf();
    expect(page.failed).toBe(false);
    if (!page.running) return page;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Two controls whose live checks answer as they are told. */
function partsWith(findings: Record<string, LiveFinding | Error>): TrustParts {
  return {
    checks: Object.entries(findings).map(([control, found]) => ({
      control,
      examines: `made up for ${control}`,
      run: () => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found)),
    })),
    proofs: [
      ...Object.keys(findings).map((control) => ({ control, live: 1 })),
      { control: 'NET-02', host: ['listening-sockets'] },
    ],
    running: { version: '0.1.0', builtFrom: null },
    folder: null,
    hostKeyFile,
  };
}
const good = { status: 'pass', evidence: 'It holds.' } as const;
const sockets = (at = new Date()): HostStatement[] => [
  signAsHost(host.privateKey, {
    control: 'NET-02',
    host: 'listening-sockets',
    ...good,
    at: at.toISOString(),
    version: '0.1.0',
  }),
];
const verify = (parts: TrustParts, said: HostStatement[] | null = null, ids: string[] = []) =>
  verifyControls(system(), parts, { ids, host: said });
const find = (evidence: SignedEvidence, id: string) =>
  evidence.controls.find((control) => control.id === id);

describe('the trust page', () => {
  it.each([
    ['GET', '/api/platform/trust'],
    ['POST', '/api/platform/trust/runs'],
    ['GET', '/api/platform/trust/evidence'],
  ])('TRU-01: %s %s is for administrators of the platform alone', async (method, path) => {
    expect((await server.ask(method, path)).status).toBe(401);
    expect((await server.ask(method, path, { token: member.token })).status).toBe(403);
  });

  it('TRU-02: lists every control as missing before anything was verified', async () => {
    const page = await pageOf();
    expect(page.lastRun).toBeNull();
    expect(page.controls).toHaveLength(132);
    expect(new Set(page.controls.map(({ status }) => status))).toEqual(new Set(['missing']));
    const evidence = await server.ask('GET', '/api/platform/trust/evidence', {
      token: admin.token,
    });
    expect(evidence.status).toBe(404);
  });

  it('TRU-02: marks what later releases bring as missing, and claims nothing by tests without a report', async () => {
    const page = await pageAfterRun();
    const status = new Map(page.controls.map((control) => [control.id, control.status]));
    for (const id of ['MFA-01', 'AUT-08', 'AGT-01', 'DEP-07', 'LIF-04', 'WRK-01'])
      expect(status.get(id)).toBe('missing');
    const passing = page.controls.filter((control) => control.status === 'pass');
    expect(passing.filter(({ kind }) => kind !== 'live')).toEqual([]);
    expect(page.report).toMatchObject({ fits: false, commit: null });
  });

  it('TRU-01: shows what the last verification found, and exports it as it was signed', async () => {
    const page = await pageAfterRun();
    const { text, headers } = await server.ask('GET', '/api/platform/trust/evidence', {
      token: admin.token,
    });
    const evidence = JSON.parse(text) as SignedEvidence;
    expect(String(headers['content-disposition'])).toMatch(/casemate-evidence-\d{4}-/);
    expect(page.lastRun?.at).toBe(evidence.at);
    expect(evidence.controls.map(({ id, status }) => [id, status])).toEqual(
      page.controls.map(({ id, status }) => [id, status]),
    );
    expect(verifyEvidence(evidence, page.keys, SIGNED_TYPES.controls)).toBe(true);
  });

  it('TRU-01: a verification is audited, with who asked for it', async () => {
    const { rows } = await appliance.superuser.query<{ actor_id: string }>(
      `select actor_id from control.audit_events where action = 'trust.verify'`,
    );
    expect(rows.map(({ actor_id }) => actor_id)).toContain(admin.auditId);
  });
});

describe('the verification', () => {
  it('TRU-02: a check that fails, or throws, fails its control and stops no other', async () => {
    const secret = new Error('select password from accounts');
    const evidence = await verify(
      partsWith({
        'DIS-01': { status: 'fail', evidence: 'No file.' },
        'SEC-02': secret,
        'HDR-01': good,
      }),
    );
    expect(find(evidence, 'DIS-01')).toMatchObject({ status: 'fail', evidence: 'No file.' });
    expect(find(evidence, 'SEC-02')?.status).toBe('fail');
    expect(find(evidence, 'HDR-01')?.status).toBe('pass');
    expect(JSON.stringify(evidence)).not.toContain('password from');
  });

  it('TRU-02: what the host said too long ago is no proof', async () => {
    const fresh = await verify(partsWith({}), sockets());
    expect(find(fresh, 'NET-02')?.status).toBe('pass');
    const old = await verify(partsWith({}), sockets(new Date(Date.now() - 37 * 3_600_000)));
    expect(find(old, 'NET-02')).toMatchObject({ status: 'missing' });
  });

  it('TRU-02: a check that the host no longer makes does not stand on its last answer', async () => {
    await verify(partsWith({}), sockets());
    expect(find(await verify(partsWith({}), []), 'NET-02')?.status).toBe('missing');
  });

  it('TRU-02: a narrowed run leaves what the host said of other controls', async () => {
    await verify(partsWith({}), sockets());
    await verify(partsWith({ 'DIS-01': good }), [], ['DIS-01']);
    expect(find(await verify(partsWith({})), 'NET-02')?.status).toBe('pass');
  });

  it('TRU-01: keeps when a control last passed after it fails', async () => {
    const passed = await verify(partsWith({ 'DIS-01': good }));
    const failing = partsWith({ 'DIS-01': { status: 'fail', evidence: 'No file.' } });
    await verify(failing);
    const page = await showControls(system(), failing);
    const row = page.controls.find(({ id }) => id === 'DIS-01');
    expect(row).toMatchObject({ status: 'fail', examines: ['made up for DIS-01'] });
    expect(row?.lastPassedAt).toBe(find(passed, 'DIS-01')?.checked_at);
  });

  it('TRU-02: what another version passed is missing on this one', async () => {
    await verify(partsWith({ 'DIS-01': good }));
    const next = { ...partsWith({}), running: { version: '0.2.0', builtFrom: null } };
    const page = await showControls(system(), next);
    expect(page.controls.find(({ id }) => id === 'DIS-01')?.status).toBe('missing');
  });

  it('TRU-01: verifies only what is asked for, keeps no run of that, and refuses unknown ids', async () => {
    const before = (await pageOf()).lastRun;
    const evidence = await verify(partsWith({ 'DIS-01': good }), null, ['DIS-01']);
    expect(evidence.controls).toHaveLength(1);
    expect((await pageOf()).lastRun).toEqual(before);
    await expect(verify(partsWith({}), null, ['XYZ-99'])).rejects.toThrow('no control XYZ-99');
  });
});

describe('the evidence', () => {
  /** As docs/trust.md says, with tools of any host: nothing of ours takes part. */
  function openssl(evidence: SignedEvidence, pem: string): boolean {
    const file = (name: string, content: string | Buffer): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const { signature, ...signed } = evidence;
    const key = file('key.pem', pem);
    const bytes = file('signed.json', canonicalJson(signed));
    const value = file('signature', Buffer.from(signature.value, 'base64'));
    try {
      const words = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin'];
      execFileSync('openssl', [...words, '-in', bytes, '-sigfile', value], { stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  }

  it('TRU-01: is verified by the very commands of docs/trust.md, and altered it is not', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/trust.md'), 'utf8');
    const commands = /```\n(python3 -[^`]*sha256sum)/.exec(page)?.[1] ?? '';
    const evidence = await verify(partsWith({ 'DIS-01': good }));
    const [key] = await listEvidenceKeys(appliance.parts.platform.vault);
    writeFileSync(join(folder, 'key.pem'), key?.pem ?? '');
    const say = (found: object): string => {
      writeFileSync(join(folder, 'evidence.json'), JSON.stringify(found, null, 2));
      const words = ['-c', `${commands} || true`];
      return execFileSync('bash', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    };
    const said = say(evidence);
    expect(said).toContain('Signature Verified Successfully');
    expect(said).toContain(evidence.signature.key);
    expect(say({ ...evidence, type: SIGNED_TYPES.isolation })).not.toContain('Successfully');
  });

  it('TRU-01: is verified by openssl, and refused with one status changed', async () => {
    const evidence = await verify(
      partsWith({ 'DIS-01': { status: 'fail', evidence: 'No ä "é".' } }),
    );
    const [key] = await listEvidenceKeys(appliance.parts.platform.vault);
    const pem = key?.pem ?? '';
    expect(openssl(evidence, pem)).toBe(true);
    const text = JSON.stringify(evidence).replace('"status":"fail"', '"status":"pass"');
    const altered = JSON.parse(text) as SignedEvidence;
    expect(altered).not.toEqual(evidence);
    expect(openssl(altered, pem)).toBe(false);
    expect(verifyEvidence(altered, key ? [key] : [], SIGNED_TYPES.controls)).toBe(false);
  });

  it('TRU-01: a control that was left out, or another key, is noticed', async () => {
    const evidence = await verify(partsWith({}));
    const keys = await listEvidenceKeys(appliance.parts.platform.vault);
    expect(verifyEvidence(evidence, keys, SIGNED_TYPES.controls)).toBe(true);
    const shorter = { ...evidence, controls: evidence.controls.slice(1) };
    expect(verifyEvidence(shorter, keys, SIGNED_TYPES.controls)).toBe(false);
    expect(verifyEvidence(evidence, [], SIGNED_TYPES.controls)).toBe(false);
  });
});
