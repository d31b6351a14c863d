import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type SecureVersion } from 'node:tls';
import { currentFiles } from '../../certificates/certificate-files.ts';
import { checkCertificate } from '../../doctor/checks/certificate.ts';
import { checkRedirect } from '../../doctor/checks/server.ts';
import type { Patient } from '../../doctor/patient.ts';
import { broken, holds, type HostCheck, type HostFinding } from '../host-check.ts';

const TIMEOUT_MS = 5_000;

/**
 * NET-01: real handshakes with the running server, one for each version of TLS, its certificate
 * verified against the authority; then a request without TLS, and the days the certificate has left.
 */
export const tlsHandshakes: HostCheck = { control: 'NET-01', name: 'tls-handshakes', run: examine };

async function examine(patient: Patient): Promise<HostFinding> {
  const { settings, paths } = patient;
  const { caFile } = currentFiles(paths.tlsDir);
  const target = {
    host: reachable(settings.bindAddress),
    port: settings.httpsPort,
    name: settings.hostName,
    ca: await readFile(caFile),
  };
  for (const version of ['TLSv1', 'TLSv1.1'] as const)
    if (await handshake(target, version, version)) return broken(`${version} is accepted.`);
  if (!(await handshake(target, 'TLSv1.2', 'TLSv1.2'))) return broken('TLS 1.2 is refused.');
  const preferred = await handshake(target, 'TLSv1.2', 'TLSv1.3');
  if (preferred !== 'TLSv1.3') return broken(`TLS 1.3 is not preferred: ${String(preferred)}.`);
  const checks = [await checkRedirect(patient), ...(await checkCertificate(patient))];
  const wrong = checks.filter(({ status }) => status !== 'ok');
  if (wrong.length > 0)
    return broken(`${wrong.map(({ id, found }) => `${id}: ${found}`).join('; ')}.`);
  const found = checks.map(({ id, found: said }) => `${id}: ${said}`).join('; ');
  return holds(`TLS 1.0 and 1.1 are refused, 1.2 works, 1.3 is preferred; ${found}.`);
}

type Target = { host: string; port: number; name: string; ca: Buffer };

/** The version agreed on, or null when the server refuses. Rejects when nobody listens. */
function handshake(
  { host, port, name, ca }: Target,
  minVersion: SecureVersion,
  maxVersion: SecureVersion,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ca,
      allowPartialTrustChain: true,
      servername: isIP(name) === 0 ? name : '',
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      minVersion,
      maxVersion,
      // The oldest versions are shut off in the client too, unless it is told otherwise.
      ciphers: 'DEFAULT:@SECLEVEL=0',
      timeout: TIMEOUT_MS,
    });
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(new Error('no answer to the handshake')));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      // The alert of RFC 8446, 6.2, and what OpenSSL says of a peer that it shares no version with.
      if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_VERSION/.test(code)) resolve(null);
      else reject(error);
    });
  });
}

function reachable(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') return '127.0.0.1';
  return bindAddress === '::' ? '::1' : bindAddress;
}
