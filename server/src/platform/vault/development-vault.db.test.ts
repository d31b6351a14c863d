import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsInfo } from '../../../tests/parts-info.ts';
import { signInPerson } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createLog } from '../log.ts';
import { createDevelopmentVault } from './development-vault.ts';
import { createKeyBackend } from './key-backend.ts';
import { createLocalKeys } from './local-keys.ts';

const silent = createLog({ level: 'error', fields: {}, silent: true });

describe('the development key', () => {
  let directory: string;
  let appliance: TestAppliance;

  beforeAll(async () => {
    directory = mkdtempSync('/tmp/cmk-');
    writeFileSync(join(directory, 'master'), randomBytes(32));
    writeFileSync(join(directory, 'database.json'), JSON.stringify(partsInfo().passwords));
    appliance = await startAppliance({ CASEMATE_DEVELOPMENT_KEYS_DIR: directory });
  });
  afterAll(async () => {
    await appliance.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('ENC-08: refuses a master that is too short', () => {
    const short = mkdtempSync('/tmp/cmk-');
    writeFileSync(join(short, 'master'), randomBytes(31));
    expect(() => createDevelopmentVault(short, silent)).toThrow(/shorter than 32 bytes/);
    expect(() => createLocalKeys(short)).toThrow(/shorter than 32 bytes/);
    rmSync(short, { recursive: true });
  });

  it('ENC-07: another master opens nothing, whoever has the directory', async () => {
    const mine = createLocalKeys(directory);
    const place = { key: 'tenant-x', context: 'c' };
    await mine.create(place.key);
    const wrapped = await mine.wrapNew(place);
    const copy = mkdtempSync('/tmp/cmk-');
    cpSync(directory, copy, { recursive: true });
    writeFileSync(join(copy, 'master'), randomBytes(32));
    await expect(createLocalKeys(copy).unwrap(place, [wrapped])).rejects.toThrow('refused');
    await expect(mine.unwrap(place, [wrapped])).resolves.toHaveLength(1);
    rmSync(copy, { recursive: true });
  });

  it('ENC-08: says INSECURE wherever it shows, and production does not take it', () => {
    expect(createLocalKeys(directory).label).toContain('INSECURE');
    const { vault } = appliance.parts.platform;
    const named = { ...appliance.config, CASEMATE_MODE: 'production' as const };
    expect(createKeyBackend(named, vault).insecure).toBe(false);
    expect(createKeyBackend(appliance.config, vault).insecure).toBe(true);
  });

  it('provisions tenants, encrypts fields and signs tokens without the key service', async () => {
    const tenantId = await appliance.makeTenant();
    const ctx = appliance.contextOf(null, tenantId);
    const fields = await ctx.openFields();
    const place = { table: 't', row: '1', field: 'f' };
    expect(fields.decrypt(place, fields.encrypt(place, 'text'))).toBe('text');
    const { token, accountId } = await signInPerson(appliance, { [tenantId]: 'member' });
    const { tokens } = appliance.parts.identity;
    await expect(tokens.verify(token)).resolves.toMatchObject({ accountId });
  });
});
