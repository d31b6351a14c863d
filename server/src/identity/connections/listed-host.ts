import { AppError, type Config } from '../../platform/index.ts';

/** Of HTTPS and of LDAP: what a host without a port stands for. */
const USUAL_PORTS: readonly number[] = [443, 389, 636];

/**
 * Whether whoever runs the host has named this host (and port) as one that connections may speak to.
 * A tenant's administrator chooses among these: else a connection would be a way to ask any machine of
 * the network something.
 */
export function isListedHost(
  config: Pick<Config, 'CASEMATE_IDENTITY_HOSTS'>,
  { host, port }: { host: string; port: number },
): boolean {
  const named = host.toLowerCase();
  return config.CASEMATE_IDENTITY_HOSTS.some(
    (entry) => entry === `${named}:${port}` || (entry === named && USUAL_PORTS.includes(port)),
  );
}

/** Throws not_allowed_now, with the mend. */
export function requireListedHost(
  config: Pick<Config, 'CASEMATE_IDENTITY_HOSTS'>,
  place: { host: string; port: number },
): void {
  if (isListedHost(config, place)) return;
  throw new AppError(
    'not_allowed_now',
    `${place.host}:${place.port} is not among the hosts that connections may speak to; whoever runs this appliance lists it (IDENTITY_HOSTS, docs/single-sign-on.md)`,
  );
}
