import type { KeyBackend, KeyPlace, KeyVersions } from './key-backend.ts';
import { VaultError, type VaultClient, type VaultData } from './vault-client.ts';

/**
 * The transit engine of OpenBao or HashiCorp Vault, which speak the same here. Keys are derived: the
 * context takes part in every key, and `rewrap` knows it (associated data it would not know).
 */
export function createTransitKeys(vault: VaultClient, label = 'transit engine'): KeyBackend {
  const pathOf = (key: string): string => `transit/keys/${key}`;
  const find = async (key: string): Promise<KeyVersions | undefined> => {
    const data = await readIfThere(vault, pathOf(key));
    return data && versionsOf(data);
  };
  return {
    label,
    insecure: false,
    find,
    create: async (key) => {
      await vault.write(pathOf(key), { type: 'aes256-gcm96', derived: true });
    },
    listKeys: async () => {
      const { keys = [] } = (await readIfThere(vault, 'transit/keys?list=true')) ?? {};
      return keys as string[];
    },
    rotate: async (key) => {
      await vault.write(`${pathOf(key)}/rotate`, {});
    },
    refuseBefore: async (key, version) => {
      await vault.write(`${pathOf(key)}/config`, { min_decryption_version: version });
    },
    destroy: async (key) => {
      if (!(await find(key))) return;
      await vault.write(`${pathOf(key)}/config`, { deletion_allowed: true });
      await vault.remove(pathOf(key));
      if (await find(key)) throw new Error(`the key ${key} is still there`);
    },
    wrapNew: async ({ key, context }) => {
      const path = `transit/datakey/wrapped/${key}`;
      const answer = await vault.write(path, { context: base64(context), bits: 256 });
      return String(answer['ciphertext']);
    },
    unwrap: (place, wrapped) => unwrapAll(vault, place, wrapped),
    rewrap: async ({ key, context }, ciphertext) => {
      const body = { ciphertext, context: base64(context) };
      return String((await vault.write(`transit/rewrap/${key}`, body))['ciphertext']);
    },
  };
}

/** A batch keeps its order; when one text is refused the whole call fails. */
async function unwrapAll(
  vault: VaultClient,
  { key, context }: KeyPlace,
  wrapped: readonly string[],
): Promise<Buffer[]> {
  if (wrapped.length === 0) return [];
  const batch = wrapped.map((ciphertext) => ({ ciphertext, context: base64(context) }));
  const answer = await vault.write(`transit/decrypt/${key}`, { batch_input: batch });
  const results = answer['batch_results'] as { plaintext?: string; error?: string }[];
  return results.map(({ plaintext, error }) => {
    if (!plaintext || error) throw new VaultError(400, 'a wrapped key was refused', undefined);
    return Buffer.from(plaintext, 'base64');
  });
}

async function readIfThere(vault: VaultClient, path: string): Promise<VaultData | undefined> {
  try {
    return await vault.read(path);
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return undefined;
    throw error;
  }
}

function versionsOf(data: VaultData): KeyVersions {
  const made = Object.entries((data['keys'] ?? {}) as Record<string, number>);
  return {
    latest: Number(data['latest_version']),
    oldestOpening: Number(data['min_decryption_version']),
    createdAt: new Map(made.map(([version, seconds]) => [+version, new Date(seconds * 1000)])),
    exportable: data['exportable'] === true,
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
