import { normalHostName } from '../../certificates/host-name.ts';
import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { isLoopback } from '../listening-sockets.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'host-name';
const needed = 'a name that the browsers of your people resolve to this host';

export async function checkHostName({ host, request }: CheckContext): Promise<CheckResult> {
  const name = normalHostName(request.hostName);
  if (name === null) {
    const mend =
      "Give one with --host-name, such as 'casemate.example.org', without https:// and port";
    return fail(id, { found: `'${request.hostName}' is not a host name (RFC 1123)`, needed, mend });
  }
  if (name === 'localhost' || isLoopback(name)) {
    const mend = 'Give the name that people will type with --host-name; it can be changed later';
    return warn(id, { found: `${name}: only people at this host can use it`, needed, mend });
  }
  const addresses = await host.resolve(name);
  const dns = `Add it to your DNS, or to /etc/hosts of each computer; it can be changed later (\`casemate certificate host-name\`)`;
  if (addresses.length === 0) {
    return warn(id, { found: `${name}, which does not resolve here`, needed, mend: dns });
  }
  const found = `${name} (${addresses.join(', ')})`;
  if (addresses.every(isLoopback)) {
    return warn(id, { found: `${found}: loopback only`, needed, mend: dns });
  }
  const own = new Set(host.addresses());
  if (addresses.some((address) => own.has(address))) return ok(id, { found, needed });
  const mend = 'Check the DNS entry; behind a proxy or an address translation this may be right';
  return warn(id, { found: `${found}: not an address of this host`, needed, mend });
}
