import { sign, type KeyObject } from 'node:crypto';
import type { HostStatement } from '../src/trust/index.ts';

/** Signs what the host says as the installer does (`installer/src/trust/sign-host-reports.ts`). */
export function signAsHost(
  key: KeyObject,
  said: Omit<HostStatement, 'signature'>,
  type = 'casemate.host-finding.1',
): HostStatement {
  // Members in the order of RFC 8785; none of them is nested.
  const sorted = Object.entries({ ...said, type }).sort(([one], [other]) => (one < other ? -1 : 1));
  const bytes = Buffer.from(JSON.stringify(Object.fromEntries(sorted)));
  return { ...said, signature: sign(null, bytes, key).toString('base64') };
}
