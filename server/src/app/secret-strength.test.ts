import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, type Config, type RequestContext } from '../platform/index.ts';
import { refuseWeakPassword, secretsCheck, strengthOf } from './secret-strength.ts';

const drawn = randomBytes(32).toString('hex');
const weak = drawn.slice(0, 32);
const start = (mode: Config['CASEMATE_MODE'], password: string) =>
  refuseWeakPassword({ CASEMATE_MODE: mode } as Config, (username) =>
    Promise.resolve({ username, password }),
  )('casemate_server', false);

describe('SES-05: the strength of secrets', () => {
  it('SES-05: production refuses to start with a short password, by name and without showing it', async () => {
    const refused = await start('production', weak).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(String(refused)).toContain('the database password of casemate_server has 128 bits');
    expect(String(refused)).not.toContain(weak);
  });
  it('SES-05: production refuses a long one that was not drawn', async () => {
    await expect(start('production', 'password'.repeat(12))).rejects.toThrow('0 bits');
  });
  it('SES-05: production takes 256 bits, and development what it has', async () => {
    expect(await start('production', drawn)).toMatchObject({ password: drawn });
    expect(await start('development', weak)).toMatchObject({ password: weak });
  });
  it('counts by the alphabet', () => {
    expect(strengthOf(drawn)).toBe(256);
    expect(strengthOf(randomBytes(48).toString('base64url'))).toBeGreaterThan(256);
    expect(strengthOf('')).toBe(0);
  });

  const examine = (password: string, key: object) =>
    secretsCheck.run({
      platform: {
        vault: {
          read: (path: string) =>
            Promise.resolve(path.startsWith('transit/') ? key : { password, data: { password } }),
        },
      },
    } as unknown as RequestContext);
  const good = { type: 'rsa-3072', exportable: false, allow_plaintext_backup: false };

  it.each([
    ['a short password', weak, good],
    ['a weak signing key', drawn, { ...good, type: 'rsa-2048' }],
    ['a symmetric signing key', drawn, { ...good, type: 'aes256-gcm96' }],
    ['a signing key that may leave', drawn, { ...good, exportable: true }],
  ])('SES-05: the live check fails with %s', async (_what, password, key) => {
    expect(await examine(password, key)).toMatchObject({ status: 'fail' });
  });
  it('SES-05: the live check passes with what the installer makes', async () => {
    expect(await examine(drawn, good)).toMatchObject({ status: 'pass' });
  });
});
