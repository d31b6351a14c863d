import { describe, expect, it } from '@jest/globals';
import { makeIdentity } from './age.ts';
import { openRecord, makeRecord, witnessOf, type RecoveryRecord } from './recovery-record.ts';
import { refuseNewer } from './refuse-newer.ts';

describe('what a newer version wrote', () => {
  it.each([
    ['the next patch', 1, '1.4.3'],
    ['the next minor version', 1, '1.10.0'],
    ['the next major version', 1, '2.0.0'],
    ['a version that is no number', 1, '1.4.x'],
    ['another format, whatever the version', 2, '1.4.2'],
  ])(
    'RES-04: refuses a backup of %s, and says whose installer reads it',
    (_what, format, version) => {
      expect(() => refuseNewer('The backup x', { format, version }, '1.4.2')).toThrow(
        expect.objectContaining({
          message: 'The backup x comes from a newer version',
          next: expect.stringContaining(`the installer of ${version}`),
          code: 'path',
        }),
      );
    },
  );

  it('RES-04: takes a backup of the same version and of earlier ones', () => {
    for (const version of ['1.4.2', '1.4.1', '1.3.9', '0.9.0'])
      expect(() => refuseNewer('The backup x', { format: 1, version }, '1.4.2')).not.toThrow();
  });

  it('RES-04: says of a recovery record in another format that it is newer, not that it was altered', () => {
    const owner = makeIdentity();
    const facts = { instance: 'a', version: '99.0.0', made: 'now', recipient: owner.recipient };
    const secrets = { dataPassword: 'd', keysPassword: 'k', sealKeys: {} };
    const record = makeRecord(facts, secrets, witnessOf(owner));
    const newer = { ...record, format: 2 } as unknown as RecoveryRecord;
    expect(() => openRecord(newer, owner)).toThrow('comes from a newer version');
    expect(openRecord(record, owner)).toEqual(secrets);
  });
});
