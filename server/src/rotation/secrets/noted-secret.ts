import { VaultError, type Platform } from '../../platform/index.ts';
import type { Secret, SecretReading } from '../secret.ts';

/**
 * Secrets that lie outside the key service, in files that only root reads. The installer notes when
 * it made them, in the key service; `casemate doctor` compares the note with the file.
 */
async function readNote(name: string, { vault }: Platform): Promise<SecretReading> {
  try {
    const { data } = await vault.read(`kv/data/rotation/${name}`);
    const { made_at } = (data ?? {}) as { made_at?: string };
    return { count: 1, madeAt: made_at ? new Date(made_at) : null };
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return { count: 1, madeAt: null };
    throw error;
  }
}

export const sealKey: Secret = {
  name: 'seal-key',
  title: 'Seal key of the key service',
  kind: 'seal_key',
  periodDays: 365,
  rotatedBy: 'operator',
  how: 'The key service starts again with a new seal key, wraps its root key anew, and the old key is destroyed. Sessions go on; requests wait for some seconds.',
  read: (platform) => readNote('seal-key', platform),
};

export const installerCredentials: Secret = {
  name: 'installer-credentials',
  title: 'Credentials of the installer at the key service',
  kind: 'credential',
  periodDays: 365,
  rotatedBy: 'operator',
  how: 'The issuer and the operator get new secret-ids, and the old ones are destroyed.',
  read: (platform) => readNote('installer-credentials', platform),
};

/** Everything that the key service stores is encrypted with it. */
export const storageKey: Secret = {
  name: 'storage-key',
  title: 'Key with which the key service encrypts its storage',
  kind: 'encryption_key',
  periodDays: 365,
  rotatedBy: 'operator',
  how: 'It is renewed together with the seal key: `casemate rotation run seal-key`.',
  read: async ({ vault }) => {
    const { install_time } = await vault.read('sys/key-status');
    return { count: 1, madeAt: typeof install_time === 'string' ? new Date(install_time) : null };
  },
};
