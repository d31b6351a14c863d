import { peersText } from '../../egress/deny-rules.ts';
import { bad, type DoctorCheck, good, poor, unseen } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** DEP-07: whether the service accounts are really kept in, tried as each of them. */
export async function checkWayOut({ layout, settings, tryWayOut }: Patient): Promise<DoctorCheck> {
  const id = 'way-out';
  if (!layout.asRoot) {
    const found = 'open: it runs as an ordinary user, whose other programs send, too';
    return poor(id, { found, mend: 'Install as root where the way out must be closed' });
  }
  if (settings.egress?.open)
    return poor(id, {
      found: 'the operator left it open',
      mend: 'Close it: `casemate egress close`',
    });
  const tried = await tryWayOut();
  if (tried === 'absent') {
    const found = 'the rules are not in the kernel';
    return poor(id, { found, mend: 'Install nftables, then `casemate egress close`' });
  }
  if (tried === 'open') {
    const found = 'a service account got out past the rules';
    return bad(id, { found, mend: 'Put them in anew: `casemate egress close`' });
  }
  if (tried === 'unseen') {
    const found = 'there is no service account to try it as';
    return unseen(id, { found, mend: 'Run `casemate install` again' });
  }
  if (tried === 'unrouted') {
    const found = 'the rules are there, and this host has no route on which to try them';
    return unseen(id, { found, mend: 'Once it has a network: `casemate doctor` again' });
  }
  return good(id, `closed; declared peers: ${peersText(settings.egress?.peers ?? [])}`);
}
