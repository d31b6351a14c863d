import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsInfo } from '../../../tests/parts-info.ts';
import { signInPerson } from '../../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { createLog } from '../log.ts';
import { createDevelopmentVault } from './development-vault.ts';

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
    rmSync(short, { recursive: true });
  });

  it('ENC-07: another master opens nothing', async () => {
    const other = mkdtempSync('/tmp/cmk-');
    mkdirSync(join(other, 'keys'));
    writeFileSync(join(other, 'master'), randomBytes(32));
    const mine = createDevelopmentVault(directory, silent);
    await mine.write('transit/keys/tenant-x', {});
    const { ciphertext } = await mine.write('transit/datakey/wrapped/tenant-x', { context: 'c' });
    const wrongContext = mine.write('transit/decrypt/tenant-x', { ciphertext, context: 'd' });
    await expect(wrongContext).rejects.toThrow();
    const theirs = createDevelopmentVault(other, silent);
    await theirs.write('transit/keys/tenant-x', {});
    const stolen = theirs.write('transit/decrypt/tenant-x', { ciphertext, context: 'c' });
    await expect(stolen).rejects.toThrow();
    const opened = await mine.write('transit/decrypt/tenant-x', { ciphertext, context: 'c' });
    expect(Buffer.from(String(opened['plaintext']), 'base64')).toHaveLength(32);
    rmSync(other, { recursive: true });
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
