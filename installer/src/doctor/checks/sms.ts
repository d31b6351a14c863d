import { isPeer } from '../../egress/peer.ts';
import { bad, type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** MFA-02: whether the gateway of codes is there to be reached. Sends nothing. */
export async function checkSms({ settings, findFile }: Patient): Promise<DoctorCheck> {
  const id = 'sms';
  const gateway = settings.sms?.gateway;
  if (!gateway) return good(id, 'no codes are sent to phones');
  if (gateway.driver === 'modem') {
    if (await findFile(gateway.device)) return good(id, `the modem at ${gateway.device}`);
    const mend = 'Plug the modem in, or name another: `casemate sms modem DEVICE`';
    return bad(id, { found: `there is no ${gateway.device}`, mend });
  }
  const { hostname: address, port, protocol } = new URL(gateway.url);
  const asked = {
    address,
    protocol: 'tcp',
    port: Number(port || (protocol === 'http:' ? 80 : 443)),
  } as const;
  const here = /^(localhost|127\.|\[::1\])/.test(address);
  // Names are resolved on the way; only addresses are on the list.
  const named = !/^[\d.]+$/.test(address);
  const declared = (settings.egress?.peers ?? []).some((peer) => isPeer(peer, asked));
  if (here || named || declared || settings.egress?.open) return good(id, `the gateway ${address}`);
  const mend = `Declare it: \`casemate egress allow ${address}:${asked.port}\``;
  return poor(id, { found: `the gateway ${address} is no declared peer`, mend });
}
