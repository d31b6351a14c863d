import type { Platform } from '../platform/index.ts';

export type SecretKind =
  | 'signing_key'
  | 'database_password'
  | 'certificate'
  | 'seal_key'
  | 'encryption_key'
  | 'credential'
  | 'provider_key'
  | 'agent_secret';

/** What the store of a secret says of it; never the secret itself. */
export type SecretReading = {
  /** How many there are of this kind. */
  readonly count: number;
  /** When the oldest of those in use was made; null when its store does not say. */
  readonly madeAt: Date | null;
  /** Of a certificate: the end of its validity. */
  readonly endsAt?: Date;
  /** What a person should know: "yours; import a new one in time". */
  readonly note?: string;
};

/** One line of the inventory: a secret, or all secrets of one kind, and how it is rotated. */
export type Secret = {
  /** As `casemate rotation run NAME` takes it. */
  readonly name: string;
  readonly title: string;
  readonly kind: SecretKind;
  /** Null: on request alone. */
  readonly periodDays: number | null;
  /** `appliance`: the provisioner or the key service, by itself; `operator`: by a command, as root. */
  readonly rotatedBy: 'appliance' | 'operator';
  /** What a rotation does, in one sentence. */
  readonly how: string;
  /** On the host, when it isn't `casemate rotation run NAME`. */
  readonly command?: string;
  /** Asks the store itself; works with the rights of the server and of the provisioner. */
  readonly read: (platform: Platform) => Promise<SecretReading>;
  /** Runs in the provisioner alone, which has the rights for it. May be run again after a crash. */
  readonly rotate?: (platform: Platform, order: RotationOrder) => Promise<void>;
};

export type RotationOrder = {
  /** What was made after this moment need not be made again. */
  readonly requestedAt: Date;
  /** The present secret may be known to others: it must not be accepted any longer than needed. */
  readonly compromised: boolean;
};

/** What an operator types on the host to rotate it. */
export const commandOf = ({ command, name }: Secret): string =>
  command ?? `casemate rotation run ${name}`;
