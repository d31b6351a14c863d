import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { listEvidenceKeys, SIGNED_TYPES, verifyEvidence, type Signed } from '../trust/index.ts';

type Copies = { keysUntil: string; dataUntil: string; keysGone: boolean; dataGone: boolean };
type Deletion = {
  tenantId: string;
  name: string;
  entry: number;
  removed: boolean;
  copies: Copies | null;
};
type Certificate = Signed<Deletion & { lastCopyDies: string | null; deletedAt: string }>;

const folder = mkdtempSync(join(tmpdir(), 'cm-deletions-'));
const statusFile = join(folder, 'backup-status.json');

describe('the certificate of a deletion', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let admin: SignedIn;
  let member: SignedIn;
  let gone: string;
  let entry: number;
  let kept: string;

  const ask = (path: string, who = admin) =>
    server.ask('GET', `/api/platform/deletions${path}`, { token: who.token });
  const certificate = async () => (await ask(`/${entry}/certificate`)).json<Certificate>();

  beforeAll(async () => {
    appliance = await startAppliance({ CASEMATE_BACKUP_STATUS_FILE: statusFile });
    server = await startServer(appliance.config);
    [gone, kept] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    admin = await signInPerson(appliance, {}, 'super_admin');
    member = await signInPerson(appliance, { [kept]: 'admin' });
    const path = `/api/tenants/${gone}`;
    const { name } = (await server.ask('GET', path, { token: admin.token })).json<Deletion>();
    const query = `?name=${encodeURIComponent(name)}`;
    expect((await server.ask('DELETE', `${path}${query}`, { token: admin.token })).status).toBe(
      202,
    );
    for (let tries = 0; tries < 200; tries += 1) {
      const { deletions } = (await ask('')).json<{ deletions: Deletion[] }>();
      entry = deletions.find(({ tenantId, removed }) => tenantId === gone && removed)?.entry ?? 0;
      if (entry > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('ENC-09: is for administrators of the platform alone, and for none that is not deleted', async () => {
    for (const path of ['', `/${entry}/certificate`]) {
      expect((await ask(path, member)).status).toBe(403);
      expect((await ask(path)).status).toBe(200);
    }
    expect((await ask(`/${entry + 1}/certificate`)).status).toBe(404);
    for (const odd of [gone, kept, '0', 'x'])
      expect((await ask(`/${odd}/certificate`)).status).toBe(400);
  });

  it('ENC-09: names no date where no backups are planned', async () => {
    expect(await certificate()).toMatchObject({ copies: null, lastCopyDies: null });
  });

  it('ENC-09: names the date on which the last copy dies, signed', async () => {
    const plan = { everyHours: 24, retentionDays: 35, keyRetentionDays: 7 };
    writeFileSync(statusFile, JSON.stringify({ plan }));
    const signed = await certificate();
    const days = (until: string | null | undefined) =>
      (Date.parse(until ?? '') - Date.parse(signed.deletedAt)) / 86_400_000;
    expect(days(signed.lastCopyDies)).toBe(36);
    expect(days(signed.copies?.keysUntil)).toBe(8);
    const keys = await listEvidenceKeys(appliance.parts.platform.vault);
    expect(verifyEvidence(signed, keys, SIGNED_TYPES.deletion)).toBe(true);
    const later = { ...signed, lastCopyDies: new Date().toISOString() };
    expect(verifyEvidence(later, keys, SIGNED_TYPES.deletion)).toBe(false);
    expect(verifyEvidence(signed, keys, SIGNED_TYPES.controls)).toBe(false);
  });

  it('ENC-09: says that no copy is left once the repositories were seen without any', async () => {
    const plan = { everyHours: 24, retentionDays: 35, keyRetentionDays: 7 };
    const young = new Date(Date.now() + 1000).toISOString();
    const seenAt = young;
    const tell = (oldest: object) =>
      writeFileSync(statusFile, JSON.stringify({ plan, oldest: { ...oldest, seenAt } }));
    tell({ data: '2020-01-01T00:00:00Z', keys: young });
    expect((await certificate()).copies).toMatchObject({ dataGone: false, keysGone: true });
    tell({ data: young, keys: young });
    expect((await certificate()).copies).toMatchObject({ dataGone: true, keysGone: true });
  });
});
