import { generateSecret, generateURI, verifySync } from 'otplib';
import { encode } from 'uqr';

/** Of a time step (RFC 6238), as every authenticator app has it. */
const PERIOD = 30;
const ISSUER = 'Casemate';

export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/**
 * The time step whose code this is, of the present one and its two neighbours; undefined when it is of
 * none of them. Whether the step was taken before, the database knows.
 */
export function findStep(secret: string, code: string, now: Date): number | undefined {
  const epoch = Math.floor(now.getTime() / 1_000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: PERIOD });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}

/** What the app reads: the key, and whose it is. */
export function totpUri(secret: string, email: string, host: string): string {
  return generateURI({ issuer: `${ISSUER} ${host}`, label: email, secret });
}

/** A QR code as the path of an SVG of `size` units, without its own styles. */
export function qrOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { border: 2 });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return { size, path };
}
