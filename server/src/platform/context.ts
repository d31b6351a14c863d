import type { Clock } from './clock.ts';
import type { Config } from './config/config-schema.ts';
import type { Database } from './db/create-database.ts';
import type { ControlTx, TenantTx } from './db/types.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { ModelServer } from './ollama/model-server.ts';
import type { Resilience } from './resilience/create-resilience.ts';
import type { KeyBackend } from './vault/key-backend.ts';
import type { TokenPepper } from './vault/token-pepper.ts';
import type { VaultClient } from './vault/vault-client.ts';

/** The process's own parts, made once by `app` and handed down. */
export type Platform = {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly db: Database;
  readonly vault: VaultClient;
  /** Wrapping keys; for room `crypto` and the provisioner. Rooms encrypt through `openFields`. */
  readonly keys: KeyBackend;
  /** Under which the database keeps tokens and links. */
  readonly pepper: TokenPepper;
  readonly models: ModelServer;
  readonly metrics: Metrics;
  readonly resilience: Resilience;
};

/** Who acts. `auditId` is the pseudonym under which the audit log knows a person. */
export type Actor = {
  readonly kind: 'human' | 'system' | 'anonymous';
  readonly accountId: string | null;
  readonly auditId: string | null;
  readonly sessionId: string | null;
  readonly platformRole: 'super_admin' | null;
  /** Set where an API key speaks for the account: it may do what its scopes name, in its tenant alone. */
  readonly apiKey: {
    readonly id: string;
    readonly tenantId: string;
    readonly scopes: readonly string[];
  } | null;
  readonly factor: FactorStanding;
};

/** How a person's session stands to second factors. */
export type FactorStanding = {
  /** One must be shown, or made, before anything else. */
  readonly due: boolean;
  /** Their role demands one. */
  readonly required: boolean;
  readonly enrolled: boolean;
  /** When the last was shown in this session; null when none was. */
  readonly shownAt: Date | null;
};

export const anonymous: Actor = {
  kind: 'anonymous',
  accountId: null,
  auditId: null,
  sessionId: null,
  platformRole: null,
  apiKey: null,
  // Who is made of this and nothing else passes no guard that asks for a person.
  factor: { due: true, required: true, enrolled: false, shownAt: null },
};

export const systemActor: Actor = { ...anonymous, kind: 'system' };

/** Encrypts and decrypts fields of one tenant; see room `crypto`. */
export type FieldEncryptor = {
  encrypt(place: FieldName, plaintext: string): string;
  /** Throws when the stored text was changed or belongs to another place. */
  decrypt(place: FieldName, stored: string): string;
};

/**
 * For columns that are ciphertext in the sealed tier alone: there they are encrypted fields, in the
 * standard tier every text passes as it is.
 */
export type TenantTexts = FieldEncryptor & {
  readonly tier: 'standard' | 'sealed';
  /** Stands for bytes where equal ones must be found; in the sealed tier only its key's holder can compare. */
  fingerprint(sha256: Buffer): Buffer;
};

type FieldName = { provider?: string; table: string; row: string; field: string };

export type TenantRole = 'member' | 'reviewer' | 'admin';

/** `visitor`: of the platform, by a visit that the tenant sees (break-glass). */
export type StandingRole = TenantRole | 'visitor';

/** What somebody is in a tenant, read anew with each look at what let them in. */
export type TenantStanding = {
  readonly role: StandingRole;
  /** 0 to 100; whoever has more may what less allows. */
  readonly level: number;
  /** Permissions that custom roles give beside the role. */
  readonly granted: readonly string[];
  /** The level that a feature needs here, where it is not the usual one; null when nobody can tell. */
  readonly minimum: Readonly<Record<string, number>> | null;
  /** By which a visitor is here, and until when. */
  readonly visit?: { readonly id: string; readonly endsAt: Date };
};

/**
 * The explicit first argument of every action, for a request and for a job alike. A context without
 * a tenant throws when an action asks for one: there is no default to fall back to.
 */
export type RequestContext = {
  readonly platform: Platform;
  readonly requestId: string;
  readonly actor: Actor;
  readonly tenantId: string | null;
  readonly standing: TenantStanding | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly log: Log;
  readonly clock: Clock;
  /** Aborts when the client goes away or the process drains. */
  readonly signal: AbortSignal;
  /** Throws not_found, suspended, sealed or not_allowed_now unless the tenant is open to requests. */
  mustBeOpen(): Promise<void>;
  inTenant<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** One statement in one round trip. */
  readTenant<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inControl<T>(work: (tx: ControlTx) => Promise<T>): Promise<T>;
  /** The tenant's field encryptor; may ask the key service, so never inside a transaction. */
  openFields(): Promise<FieldEncryptor>;
  /** The platform's own, for secrets of accounts (second factors, phone numbers). */
  openPlatformFields(): Promise<FieldEncryptor>;
  /** The same for what is ciphertext in the sealed tier alone. */
  openTexts(): Promise<TenantTexts>;
};
