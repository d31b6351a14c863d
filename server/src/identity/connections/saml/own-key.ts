import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import { findSecret } from '../repo.ts';
import { placeOfSecret } from '../secret-place.ts';
import { selfSigned } from './self-signed.ts';

const YEARS = 10;
const BITS = 3_072;
const generate = promisify(generateKeyPair);

const ownKey = z.strictObject({ key: z.string(), certificate: z.string() });
/** The private key as PEM (PKCS #8), and a certificate of it as bare base64. */
export type OwnKey = z.output<typeof ownKey>;

/** A key of this connection alone, with which its requests are signed. The certificate is its own issuer. */
export async function makeOwnKey(now: Date): Promise<OwnKey> {
  const { privateKey: key } = await generate('rsa', { modulusLength: BITS });
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + YEARS);
  const from = new Date(now.getTime() - 60_000);
  const certificate = selfSigned({ key, commonName: 'Casemate single sign-on', from, until });
  return {
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
    certificate: certificate.toString('base64'),
  };
}

/** Opens it. Throws where the connection has none. */
export async function openOwnKey(ctx: RequestContext, connectionId: string): Promise<OwnKey> {
  const stored = await ctx.inControl((tx) => findSecret(tx, connectionId));
  if (stored === null) throw new AppError('not_found', 'This connection has no key');
  const fields = await ctx.openPlatformFields();
  return ownKey.parse(JSON.parse(fields.decrypt(placeOfSecret(connectionId), stored)));
}
