import type { HclValue } from './hcl.ts';
import { policies } from './policies.ts';
import { roleSettings, type KeyServiceRole } from './role-settings.ts';

type Data = { readonly [key: string]: HclValue };

/** An engine at a path. What is added after the first release must be named `casemate-…`. */
export type Mount = { path: string; data: Data };

/** A key of the transit engine; made when it is missing, never changed by an upgrade. */
export type TransitKey = { name: string; data: Data };

/** A configuration that can be read back under its own path; fields not named are left alone. */
export type Setting = { path: string; data: Data };

/**
 * What the key service of this version looks like. Self-initialisation makes it whole on a new
 * host (`self-init.ts`); on an existing one the operator brings what is missing
 * (`ensure-key-service.ts`). To add something, add it here, and the operator's right to make it in
 * `policies.ts` unless it has that already.
 */
export const mounts: readonly Mount[] = [
  { path: 'transit', data: { type: 'transit' } },
  { path: 'kv', data: { type: 'kv', options: { version: '2' } } },
  // Passwords of the database's accounts; see vault/database-engine.ts.
  { path: 'casemate-database', data: { type: 'database' } },
  // The appliance's own authority; see certificates/authority-engine.ts. Leaves live 397 days at most.
  { path: 'casemate-pki', data: { type: 'pki', config: { max_lease_ttl: '9528h' } } },
];

export const authMethods: readonly Mount[] = [{ path: 'approle', data: { type: 'approle' } }];

export const transitKeys: readonly TransitKey[] = [
  { name: 'platform', data: { type: 'aes256-gcm96', derived: true } },
  { name: 'token-signing', data: { type: 'rsa-3072' } },
  { name: 'tenant-proof', data: { type: 'hmac', key_size: 32 } },
  // Tokens and links are stored as HMAC under it: who holds only the database can make none.
  { name: 'token-pepper', data: { type: 'hmac', key_size: 32 } },
  { name: 'evidence-signing', data: { type: 'ed25519' } },
];

/** 48 letters and digits: 285 bits. */
const passwordPolicy = [
  'length = 48',
  'rule "charset" { charset = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" }',
].join('\n');

/** After the keys: from here on `encrypt` can't create one by accident. */
export const settings: readonly Setting[] = [
  { path: 'transit/config/keys', data: { disable_upsert: true } },
  { path: 'sys/policies/password/casemate-database', data: { policy: passwordPolicy } },
];

export const roles = Object.keys(roleSettings) as KeyServiceRole[];

export const policyOf = (role: KeyServiceRole): Data => ({ policy: policies[role] });
