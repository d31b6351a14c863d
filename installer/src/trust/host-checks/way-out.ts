import { peersText } from '../../egress/deny-rules.ts';
import { broken, holds, unseen, type HostCheck } from '../host-check.ts';

/**
 * DEP-07: the rules of this host that keep the service accounts in, tried as each of them. A try must
 * be counted by the rules: on a host without a network nothing leaves, and that shows nothing.
 */
export const wayOut: HostCheck = {
  control: 'DEP-07',
  name: 'way-out',
  run: async ({ layout, settings, accounts, tryWayOut }) => {
    if (!layout.asRoot)
      return unseen('It runs as an ordinary user, whose other programs send, too.');
    if (settings.egress?.open) return unseen('The operator left the way out open.');
    const tried = await tryWayOut();
    if (tried === 'unseen') return unseen('There is no service account to try it as.');
    if (tried === 'unrouted')
      return unseen('This host has no route out, so the rules could not be tried.');
    if (tried === 'absent')
      return broken('The rules that close the way out are not in the kernel.');
    if (tried === 'open') return broken('A service account got out past the rules.');
    const peers = peersText(settings.egress?.peers ?? []);
    const tries = Object.keys(accounts).length;
    return holds(
      `Each of ${tries} service accounts was refused and counted; declared peers: ${peers}.`,
    );
  },
};
