import { AppError, VaultError, type VaultClient } from '../../platform/index.ts';

/**
 * A tenant's namespace in the key service: a key of its own (Shamir's shares) encrypts everything in
 * it, so that the platform's own seal opens nothing there. Documented at
 * openbao.org/docs/concepts/namespaces/sealable-namespaces.
 */
export function namespaceOf(tenantId: string): string {
  return `tenant-${tenantId.replaceAll('-', '')}`;
}

export type SealStatus = {
  readonly sealed: boolean;
  /** How many shares there are, how many open it, and how many right or wrong ones were given so far. */
  readonly shares: number;
  readonly threshold: number;
  readonly given: number;
};

export async function readSealStatus(vault: VaultClient, tenantId: string): Promise<SealStatus> {
  return statusOf(await vault.read(`sys/namespaces/${namespaceOf(tenantId)}/seal-status`));
}

/** Whether it was made. The provisioner alone may ask. */
export async function namespaceExists(vault: VaultClient, tenantId: string): Promise<boolean> {
  try {
    await vault.read(`sys/namespaces/${namespaceOf(tenantId)}`);
    return true;
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return false;
    throw error;
  }
}

/** The tenants that have a namespace. The provisioner alone may ask. */
export async function listNamespaces(vault: VaultClient): Promise<string[]> {
  try {
    const { keys } = await vault.read('sys/namespaces?list=true');
    return ((keys ?? []) as string[]).flatMap((name) => {
      const match = NAME.exec(name);
      return match ? [match.slice(1).join('-')] : [];
    });
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return [];
    throw error;
  }
}

const NAME = /^tenant-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})\/?$/;

/** Makes the namespace, sealed, and gives its key shares: the one time that anybody sees them. */
export async function createNamespace(
  vault: VaultClient,
  tenantId: string,
  split: { shares: number; threshold: number },
): Promise<string[]> {
  const seal = JSON.stringify({ seal: { shamir: split } });
  const made = await vault.write(`sys/namespaces/${namespaceOf(tenantId)}`, { seal });
  const shares = made['key_shares'];
  if (!Array.isArray(shares) || shares.length !== split.shares)
    throw new Error('the key service gave no key shares');
  return shares.map(String);
}

/** Gives one share. Throws invalid_input when the shares given so far don't make the key. */
export async function giveShare(
  vault: VaultClient,
  tenantId: string,
  share: string,
): Promise<SealStatus> {
  try {
    const path = `sys/namespaces/${namespaceOf(tenantId)}/unseal`;
    return statusOf(await vault.write(path, { key: share }));
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 400) throw wrongShares(error);
    throw error;
  }
}

/** Forgets the shares that were given so far. */
export async function forgetShares(vault: VaultClient, tenantId: string): Promise<SealStatus> {
  const path = `sys/namespaces/${namespaceOf(tenantId)}/unseal`;
  return statusOf(await vault.write(path, { reset: true }));
}

export async function sealNamespace(vault: VaultClient, tenantId: string): Promise<void> {
  await vault.write(`sys/namespaces/${namespaceOf(tenantId)}/seal`, {});
}

/** Destroys the namespace with all keys in it, sealed or open; a second call finds it gone. */
export async function destroyNamespace(vault: VaultClient, tenantId: string): Promise<void> {
  if (!(await namespaceExists(vault, tenantId))) return;
  const { sealed } = await readSealStatus(vault, tenantId);
  const path = `sys/namespaces/${namespaceOf(tenantId)}`;
  await vault.remove(sealed ? `${path}/delete-sealed` : path);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (!(await namespaceExists(vault, tenantId))) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error('the namespace of the tenant is still there');
}

const TRIES = 100;
const PAUSE_MS = 100;

function wrongShares(cause: unknown): AppError {
  return new AppError(
    'invalid_input',
    'These shares do not open the tenant: at least one is wrong. All that were given are forgotten; begin again',
    { cause },
  );
}

function statusOf(answer: Record<string, unknown>): SealStatus {
  return {
    sealed: answer['sealed'] !== false,
    shares: Number(answer['n']),
    threshold: Number(answer['t']),
    given: Number(answer['progress']),
  };
}
