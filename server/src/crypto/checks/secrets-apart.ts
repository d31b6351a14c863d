import { VaultError, type LiveCheck, type RequestContext } from '../../platform/index.ts';
import { readKeys, type InventoryParts } from '../inventory/key-inventory.ts';
import { platformKeyPlace } from '../key-places.ts';

/** What the running server's own credential must not be able to do in the key service. */
const FORBIDDEN: readonly (readonly [what: string, path: string, body: Record<string, unknown>])[] =
  [
    ['wrap a data key', `transit/datakey/plaintext/${platformKeyPlace.key}`, { bits: 256 }],
    [
      'encrypt with a wrapping key',
      `transit/encrypt/${platformKeyPlace.key}`,
      { plaintext: 'eA==' },
    ],
    ['export a wrapping key', `transit/export/encryption-key/${platformKeyPlace.key}`, {}],
    ['export the pepper of tokens', 'transit/export/hmac-key/token-pepper', {}],
    ['export the token signer', 'transit/export/signing-key/token-signing', {}],
    [
      'decrypt with the token signer',
      'transit/decrypt/token-signing',
      { ciphertext: 'vault:v1:eA==' },
    ],
    ['rotate a wrapping key', `transit/keys/${platformKeyPlace.key}/rotate`, {}],
    ['change a policy', 'sys/policies/acl/casemate-server', { policy: '' }],
  ];
/** The rules for the namespaces of sealed tenants are the same in each: this one need not exist. */
const SPACE = 'tenant-00000000000000000000000000000000';
const IN_NAMESPACES: typeof FORBIDDEN = [
  ...['datakey/plaintext', 'datakey/wrapped', 'encrypt', 'rewrap', 'export/encryption-key'].map(
    (operation) =>
      [
        `use ${operation} in a sealed tenant's namespace`,
        `${SPACE}/transit/${operation}/${SPACE}`,
        {},
      ] as const,
  ),
  ["rotate a sealed tenant's key", `${SPACE}/transit/keys/${SPACE}/rotate`, {}],
  ["change a sealed tenant's key", `${SPACE}/transit/keys/${SPACE}/config`, { exportable: true }],
];
const UNREADABLE = [
  'casemate-database/static-creds/casemate_provisioner',
  'casemate-database/static-creds/casemate_migrator',
  'kv/data/database/provisioner',
  'kv/data/database/migrator',
];

/** ENC-07: tries what one secret alone must not allow. */
export function secretsApart(parts: InventoryParts): LiveCheck {
  return {
    control: 'ENC-07',
    examines:
      "With the server's own credential: that it can't wrap, export or rotate keys or read other passwords; and that the database holds wrapped keys alone.",
    run: async (ctx) => {
      const faults: string[] = [];
      for (const [what, path, body] of [...FORBIDDEN, ...IN_NAMESPACES])
        if (!(await isRefused(() => ctx.platform.vault.write(path, body))))
          faults.push(`the server may ${what}`);
      for (const path of UNREADABLE)
        if (!(await isRefused(() => ctx.platform.vault.read(path))))
          faults.push(`the server may read ${path}`);
      const keys = await readKeys(parts, ctx, null);
      const bare = keys.filter(({ wrapped }) => !/^(vault:v\d+:.+|local:v\d+:.+|)$/.test(wrapped));
      if (bare.length > 0)
        faults.push(`${bare.length} data key(s) in the database are not wrapped`);
      if (!(await opensOwn(ctx, keys.at(-1)?.wrapped ?? '')))
        faults.push('the twin failed: its own key does not open either');
      if (faults.length > 0) return { status: 'fail', evidence: `${faults.join('; ')}.` };
      return {
        status: 'pass',
        evidence: `${FORBIDDEN.length + IN_NAMESPACES.length + UNREADABLE.length} attempts to step beyond the server's part were refused, its own decryption was not; ${keys.length} platform data key(s) lie wrapped in the database.`,
      };
    },
  };
}

async function isRefused(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return false;
  } catch (error) {
    // Any other refusal came after the policy had let the call through.
    if (error instanceof VaultError) return error.statusCode === 403;
    throw error;
  }
}

async function opensOwn({ platform }: RequestContext, wrapped: string): Promise<boolean> {
  const [bytes] = await platform.keys.unwrap(platformKeyPlace, [wrapped]);
  bytes?.fill(0);
  return bytes !== undefined;
}
