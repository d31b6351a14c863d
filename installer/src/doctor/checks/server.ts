import { currentFiles } from '../../certificates/certificate-files.ts';
import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { HttpAnswer, Patient } from '../patient.ts';

/** As a browser sees it: TLS verified for the host name, and ready. */
export async function checkServer({ get, paths, settings }: Patient): Promise<DoctorCheck> {
  const id = 'server';
  const { hostName, bindAddress, httpsPort } = settings;
  const { caFile } = currentFiles(paths.tlsDir);
  const address = reachable(bindAddress);
  const tls = { address, port: httpsPort, name: hostName, caFile };
  try {
    const { status } = await get({ tls, path: '/health/ready' });
    if (status === 200)
      return good(id, `ready at ${hostName}:${httpsPort}, its certificate verified`);
    const mend = 'See which part is away above, and `casemate logs server`';
    return bad(id, { found: `not ready (${status})`, mend });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const refused = /^E(CONN|TIMED|HOST)/.test(code);
    const mend = refused
      ? 'Start it: `casemate up`; see `casemate logs server`'
      : 'See `casemate certificate show`, renew it with `casemate certificate renew`, then `casemate restart server`';
    return bad(id, { found: `${address}:${httpsPort}: ${message || code}`, mend });
  }
}

export async function checkRedirect({ get, settings }: Patient): Promise<DoctorCheck> {
  const id = 'http-redirect';
  if (settings.httpPort === 0) return good(id, 'no HTTP listener');
  const host = reachable(settings.bindAddress);
  const name = host.includes(':') ? `[${host}]` : host;
  const mend = 'See `casemate logs server`, then `casemate restart server`';
  let answer: HttpAnswer;
  try {
    answer = await get({ url: `http://${name}:${settings.httpPort}/` });
  } catch (error) {
    return bad(id, { found: (error as Error).message, mend });
  }
  const secure = answer.location?.startsWith('https://') ?? false;
  if (secure && answer.status >= 300 && answer.status < 400) return good(id, 'HTTP leads to HTTPS');
  return bad(id, { found: `HTTP answers ${answer.status} instead of leading to HTTPS`, mend });
}

function reachable(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  return bindAddress === '::' ? '::1' : bindAddress;
}
