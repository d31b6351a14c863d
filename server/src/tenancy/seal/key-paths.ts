import type { VaultClient } from '../../platform/index.ts';
import { namespaceOf } from './namespace.ts';
import type { Tier, Tiers } from './tiers.ts';

const KEY_OF_TENANT = /^transit\/(?:[a-z]+\/)+tenant-([0-9a-f]{32})(?:\/|$)/;

/**
 * The same client, in which every path of a tenant's own key leads into its namespace when the tenant
 * holds its own seal. The callers need not know of tiers: a sealed namespace answers them `sealed`.
 */
export function intoNamespaces(vault: VaultClient, tiers: Tiers): VaultClient {
  const pathOf = async (path: string): Promise<string> => {
    const hex = KEY_OF_TENANT.exec(path)?.[1];
    if (hex === undefined) return path;
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return (await tiers.tierOf(id)) === 'sealed' ? `${namespaceOf(id)}/${path}` : path;
  };
  return {
    calls: vault.calls,
    answeredAt: vault.answeredAt,
    read: async (path) => vault.read(await pathOf(path)),
    write: async (path, body) => vault.write(await pathOf(path), body),
    remove: async (path) => vault.remove(await pathOf(path)),
  };
}

/** The client as seen from a tenant's namespace; of the standard tier the client itself. */
export function inNamespace(vault: VaultClient, tenant: { id: string; tier: Tier }): VaultClient {
  if (tenant.tier === 'standard') return vault;
  const space = namespaceOf(tenant.id);
  return {
    calls: vault.calls,
    answeredAt: vault.answeredAt,
    read: (path) => vault.read(`${space}/${path}`),
    write: (path, body) => vault.write(`${space}/${path}`, body),
    remove: (path) => vault.remove(`${space}/${path}`),
  };
}
