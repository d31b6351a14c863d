import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Fault } from '../fault.ts';
import { decrypt, derive, encrypt, type Identity } from './age.ts';
import { refuseNewer } from './refuse-newer.ts';

/** What opens everything: wrapped to the recipient's key, it lies beside what it opens. */
export type RecoverySecrets = {
  dataPassword: string;
  keysPassword: string;
  /** Every key that seals a snapshot of the key service, by its fingerprint; in base64. */
  sealKeys: Record<string, string>;
};

export type RecoveryRecord = {
  format: 1;
  instance: string;
  version: string;
  made: string;
  recipient: string;
  /** An age file, in base64. */
  sealed: string;
  /** Shows that it was written by a host that the recipient's owner had set up. */
  mac: string;
};

/**
 * The recipient's public key alone would let anybody who can write to the target lay repositories of
 * their own there. So the host also holds a key that follows from the private one, and signs with it.
 */
export function witnessOf(identity: Identity): string {
  return derive(identity.secret, Buffer.alloc(0), 'casemate backup witness').toString('hex');
}

export function makeRecord(
  facts: Pick<RecoveryRecord, 'instance' | 'version' | 'made' | 'recipient'>,
  secrets: RecoverySecrets,
  witness: string,
): RecoveryRecord {
  const sealed = encrypt(facts.recipient, Buffer.from(JSON.stringify(secrets))).toString('base64');
  const record = { format: 1 as const, ...facts, sealed };
  return { ...record, mac: macOf(record, witness) };
}

/** Throws a Fault for another recipient's record, and for one that was altered or laid there. */
export function openRecord(record: RecoveryRecord, identity: Identity): RecoverySecrets {
  if (record.recipient !== identity.recipient)
    throw new Fault('This is not the recipient’s key that the backups are wrapped to', {
      why: `They are wrapped to ${record.recipient}; this one is ${identity.recipient}.`,
      next: 'Nothing was changed. Give the file of that key with --identity; if it is lost, see docs/backup.md.',
      code: 'signature',
    });
  // Of later ones the version counts only with the backup: their record may be as it is now.
  if (record.format !== 1) refuseNewer('The recovery record of the backups', record);
  const [found, wanted] = [record.mac, macOf(record, witnessOf(identity))].map((one) =>
    Buffer.from(one, 'hex'),
  );
  const genuine =
    found?.length === wanted?.length && found && wanted && timingSafeEqual(found, wanted);
  if (!genuine) throw altered('Its seal is not that of the host that was set up with this key.');
  try {
    const bytes = decrypt(identity, Buffer.from(record.sealed, 'base64'));
    return JSON.parse(bytes.toString('utf8')) as RecoverySecrets;
  } catch {
    throw altered('What it wraps does not open.');
  }
}

function altered(why: string): Fault {
  return new Fault('The recovery record of the backups was altered', {
    why,
    next: 'Nothing was changed. Use another copy of the repositories.',
    code: 'signature',
  });
}

function macOf(record: Omit<RecoveryRecord, 'mac'>, witness: string): string {
  const { format, instance, version, made, recipient, sealed } = record;
  const text = JSON.stringify([format, instance, version, made, recipient, sealed]);
  return createHmac('sha256', Buffer.from(witness, 'hex')).update(text).digest('hex');
}

/** How a seal key is named without showing it. */
export function fingerprintOf(key: Uint8Array): string {
  return createHash('sha256').update('casemate seal key').update(key).digest('hex').slice(0, 16);
}
