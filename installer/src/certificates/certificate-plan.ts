import { networkInterfaces } from 'node:os';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { authoritySigner } from './authority-signer.ts';

/** Where the server's certificate is, whom it is for, who signs it, and which account may read its key. */
export function certificatePlan(layout: InstanceLayout, settings: InstanceSettings) {
  const paths = instancePaths(layout);
  const account = getAccounts(layout).casemate;
  return {
    directory: paths.tlsDir,
    hostName: settings.hostName,
    addresses: addressesOf(settings),
    now: new Date(),
    sign: authoritySigner(paths),
    ...(account && { owner: { uid: account.uid, gid: account.gid } }),
  };
}

/** What people may type instead of the name. */
export function addressesOf(settings: Pick<InstanceSettings, 'bindAddress'>): string[] {
  if (settings.bindAddress !== '0.0.0.0' && settings.bindAddress !== '::') {
    return [settings.bindAddress];
  }
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && !address.address.startsWith('fe80'))
    .map((address) => address.address);
}
