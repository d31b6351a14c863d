import type { CommandCall } from '../../commands/command.ts';
import { textFlag } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { getAccounts } from '../../host/get-accounts.ts';
import { instancePaths } from '../../instance/paths.ts';
import type { InstanceSettings } from '../../instance/settings.ts';
import { authoritySigner } from '../authority-signer.ts';
import { addressesOf } from '../../steps/create-certificate.ts';

export type VerbCall = { call: CommandCall; settings: InstanceSettings };
export type Verb = (input: VerbCall) => Promise<ExitName>;

/** Where the certificate is, whom it is for, and which account may read its key. */
export function certificatePlan({ call, settings }: VerbCall) {
  const account = getAccounts(call.layout).casemate;
  return {
    directory: instancePaths(call.layout).tlsDir,
    hostName: settings.hostName,
    addresses: addressesOf(settings),
    now: new Date(),
    sign: authoritySigner(instancePaths(call.layout)),
    ...(account && { owner: { uid: account.uid, gid: account.gid } }),
  };
}

/** The value of a flag that the verb cannot do without. */
export function neededFlag(call: CommandCall, name: string): string {
  const value = textFlag(call, name);
  if (value !== undefined) return value;
  const verb = call.words[0] ?? '';
  throw new Fault(`casemate certificate ${verb} needs --${name} FILE`, {
    next: 'See `casemate certificate --help`.',
    code: 'usage',
  });
}
