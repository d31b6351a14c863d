import { findAccount, serviceAccounts } from '../host/accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { applyDenyRules, denyRules, hasDenyRules, removeDenyRules } from './deny-rules.ts';

/**
 * Closes the way out of the service accounts, as the settings of the instance say. Resolves with why it
 * stays open, or null. An instance of an ordinary user has no accounts of its own to close.
 */
export async function keepClosed(layout: Place, settings: Wanted): Promise<string | null> {
  const { egress } = settings;
  if (!layout.asRoot) return 'it runs as an ordinary user, whose other programs send, too';
  if (egress?.open) {
    await removeDenyRules(layout.instance);
    return 'the operator left it open';
  }
  const rules = rulesOf(layout, settings);
  return rules === null ? 'there are no service accounts yet' : applyDenyRules(rules);
}

/** Whether the kernel has what the settings say: nothing to be done. */
export async function isKept(layout: Place, settings: Wanted): Promise<boolean> {
  if (!layout.asRoot) return true;
  const rules = rulesOf(layout, settings);
  if (settings.egress?.open || rules === null) return false;
  return hasDenyRules(layout.instance, rules);
}

type Place = Pick<InstanceLayout, 'instance' | 'asRoot'>;
type Wanted = Pick<InstanceSettings, 'egress'>;

function rulesOf({ instance }: Place, { egress }: Wanted): string | null {
  const uids = Object.values(serviceAccounts).flatMap((name) => findAccount(name)?.uid ?? []);
  return uids.length === 0 ? null : denyRules(instance, { uids, peers: egress?.peers ?? [] });
}
