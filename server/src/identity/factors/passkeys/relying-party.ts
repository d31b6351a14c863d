import { isIP } from 'node:net';
import { AppError, ownOrigins, type Config } from '../../../platform/index.ts';

/** Who asks for a passkey: the host name as it is configured, never what a client says. */
export type RelyingParty = { id: string; name: string; origins: string[] };

/** Null where people open Casemate by an IP address: WebAuthn knows names alone. */
export function findRelyingParty(config: Config): RelyingParty | null {
  const id = config.CASEMATE_HOST_NAME.toLowerCase();
  if (isIP(id) !== 0) return null;
  return { id, name: `Casemate ${id}`, origins: [...ownOrigins(config)] };
}

export function relyingParty(config: Config): RelyingParty {
  const party = findRelyingParty(config);
  if (!party)
    throw new AppError(
      'not_allowed_now',
      'Passkeys need a host name: this installation is opened by an IP address',
    );
  return party;
}
