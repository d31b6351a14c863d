import { X509Certificate } from 'node:crypto';
import { Fault } from '../fault.ts';
import { requestVault, type VaultReply } from '../vault/request.ts';
import type { AuthoritySigner } from './ensure-server-certificate.ts';

const mount = 'casemate-pki';

/** Signed in as the operator. */
export type AuthorityEngine = { socketPath: string; token: string };

/** What the authority signs in the engine: servers by name and address, nothing that could sign. */
const servers = {
  allow_any_name: true,
  enforce_hostnames: true,
  allow_ip_sans: true,
  use_csr_sans: true,
  use_csr_common_name: true,
  server_flag: true,
  client_flag: false,
  key_type: 'ec',
  key_bits: 256,
  key_usage: ['DigitalSignature'],
  basic_constraints_valid_for_non_ca: true,
  // Clocks of clients lag.
  not_before_duration: '1h',
  max_ttl: '9528h',
  no_store: true,
};

/** The authority's certificate in the engine, or null when it holds none. */
export async function findHeldAuthority(engine: AuthorityEngine): Promise<X509Certificate | null> {
  const { status, body } = await ask(engine, { method: 'GET', path: `${mount}/cert/ca` });
  const pem = body.data?.['certificate'];
  return status === 200 && typeof pem === 'string' && pem !== '' ? new X509Certificate(pem) : null;
}

/**
 * Puts the appliance's authority into the engine, so that what trusts it goes on trusting it, and
 * its key leaves the disk. Refuses to put a second one beside another.
 */
export async function holdAuthority(
  engine: AuthorityEngine,
  authority: { certificatePem: string; keyPem: string },
): Promise<void> {
  const held = await findHeldAuthority(engine);
  const own = new X509Certificate(authority.certificatePem);
  if (held && held.fingerprint256 !== own.fingerprint256) {
    throw new Fault('The key service holds another authority than this instance uses', {
      why: `It holds ${held.fingerprint256}; the one on the disk is ${own.fingerprint256}.`,
      next: 'Restore the directory `tls/authority` that belongs to this key service.',
    });
  }
  if (!held) {
    const pem_bundle = `${authority.keyPem.trim()}\n${authority.certificatePem.trim()}\n`;
    must(await ask(engine, { path: `${mount}/config/ca`, body: { pem_bundle } }));
  }
  const inEngine = await findHeldAuthority(engine);
  if (inEngine?.fingerprint256 === own.fingerprint256) return;
  throw new Fault('The key service did not take the authority over', {
    next: 'Its key is still on the disk, and nothing was changed. Run the command again.',
  });
}

/** The role, which says what the authority may sign; written each time, it is small. */
export async function writeRoles(engine: AuthorityEngine): Promise<void> {
  must(await ask(engine, { path: `${mount}/roles/dashboard`, body: servers }));
}

/** Signs requests with the authority's key, which stays in the engine. */
export function engineSigner(engine: AuthorityEngine): AuthoritySigner {
  return async ({ request, seconds }) => {
    const body = { csr: request, ttl: `${seconds}s` };
    const answer = must(await ask(engine, { path: `${mount}/sign/dashboard`, body }));
    return `${String(answer.body.data?.['certificate']).trim()}\n`;
  };
}

type Call = { method?: 'GET' | 'POST'; path: string; body?: unknown };

function ask(engine: AuthorityEngine, { method = 'POST', ...call }: Call): Promise<VaultReply> {
  const { socketPath, token } = engine;
  return requestVault({ socketPath, token, method, ...call });
}

function must(reply: VaultReply): VaultReply {
  if (reply.status < 300) return reply;
  throw new Fault('The authority in the key service did not answer as it must', {
    why: `It answered ${reply.status}: ${(reply.body.errors ?? []).join('; ')}`,
    next: 'The present certificate stays in use. See `casemate doctor`, then run the command again.',
  });
}
