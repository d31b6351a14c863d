import { describe, expect, it } from '@jest/globals';
import { makeIdentity } from './age.ts';
import { makeRecord, openRecord, witnessOf } from './recovery-record.ts';

const owner = makeIdentity();
const secrets = { dataPassword: 'd', keysPassword: 'k', sealKeys: { abc: 'a2V5' } };
const facts = {
  instance: 'default',
  version: '1.0.0',
  made: '2026-11-22T00:00:00Z',
  recipient: owner.recipient,
};
const record = makeRecord(facts, secrets, witnessOf(owner));

describe('the recovery record', () => {
  it('RES-04: opens with no other key, and says which one it is for', () => {
    expect(() => openRecord(record, makeIdentity())).toThrow('not the recipient’s key');
  });

  it('RES-04: refuses one that somebody else wrote who knows the public key', () => {
    const laid = makeRecord(facts, secrets, witnessOf(makeIdentity()));
    expect(() => openRecord(laid, owner)).toThrow('was altered');
  });

  it.each(['instance', 'version', 'made', 'sealed', 'mac'] as const)(
    'RES-04: refuses one whose %s was altered',
    (field) => {
      const altered = { ...record, [field]: `${record[field].slice(0, -1)}x` };
      expect(() => openRecord(altered, owner)).toThrow('was altered');
    },
  );

  it('RES-04: gives the passwords and seal keys to its owner, and shows none before', () => {
    expect(openRecord(record, owner)).toEqual(secrets);
    expect(JSON.stringify(record)).not.toContain('a2V5');
  });
});
