import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, exportJWK, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { AppError, type VaultClient } from '../platform/index.ts';

export type AccessClaims = { accountId: string; sessionId: string };

export type AccessTokens = {
  /** Signs with the transit key, which never leaves the key service (control SES-01). */
  issue(claims: AccessClaims): Promise<{ accessToken: string; expiresAt: Date }>;
  /** Verifies locally. Throws unauthenticated. */
  verify(token: string): Promise<AccessClaims>;
  /** The public halves, RFC 7517. */
  keySet(): Promise<JSONWebKeySet>;
};

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'casemate';
const AUDIENCE = 'casemate-api';
const KEYS_TTL_MS = 5 * 60_000;
const MAX_VERIFIED = 10_000;

type Keys = { set: JSONWebKeySet; latest: number; readAt: number };

export function createAccessTokens(vault: VaultClient, now: () => number = Date.now): AccessTokens {
  let held: Keys | undefined;
  // Verified tokens until they expire; sessions are checked apart from this, at most seconds late.
  const verified = new Map<string, AccessClaims & { expiresAt: number }>();

  const keys = async (atLeast = 0): Promise<Keys> => {
    if (held && held.latest >= atLeast && now() - held.readAt < KEYS_TTL_MS) return held;
    held = { ...(await readKeys(vault)), readAt: now() };
    return held;
  };
  const decode = async (token: string): Promise<JWTPayload> => {
    const options = {
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      currentDate: new Date(now()),
      requiredClaims: ['sub', 'sid', 'exp'],
    };
    const { set } = await keys();
    return (await jwtVerify(token, createLocalJWKSet(set), options)).payload;
  };
  return {
    issue: async ({ accountId, sessionId }) => {
      const { latest } = await keys();
      const issuedAt = Math.floor(now() / 1000);
      const exp = issuedAt + ACCESS_TOKEN_SECONDS;
      const header = { alg: 'RS256', typ: 'at+jwt', kid: `v${latest}` };
      const claims = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: accountId,
        sid: sessionId,
        iat: issuedAt,
        exp,
      };
      const text = `${encode(header)}.${encode(claims)}`;
      const accessToken = `${text}.${await sign(vault, { text, version: latest })}`;
      return { accessToken, expiresAt: new Date(exp * 1000) };
    },
    verify: async (token) => {
      const known = verified.get(token);
      if (known && known.expiresAt > now()) return known;
      verified.delete(token);
      try {
        const { sub, sid, exp } = await decode(token);
        const claims = {
          accountId: String(sub),
          sessionId: String(sid),
          expiresAt: Number(exp) * 1000,
        };
        const [oldest] = verified.keys();
        if (verified.size >= MAX_VERIFIED && oldest !== undefined) verified.delete(oldest);
        verified.set(token, claims);
        return claims;
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError('unauthenticated', 'The access token is not valid; refresh or sign in', {
          cause: error,
        });
      }
    },
    keySet: async () => (await keys()).set,
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function sign(
  vault: VaultClient,
  { text, version }: { text: string; version: number },
): Promise<string> {
  const answer = await vault.write('transit/sign/token-signing/sha2-256', {
    input: Buffer.from(text).toString('base64'),
    // The engine's default is PSS; RS256 is PKCS #1 v1.5 (RFC 7518, 3.3).
    signature_algorithm: 'pkcs1v15',
    key_version: version,
  });
  const [, , signature] = String(answer['signature']).split(':');
  return Buffer.from(signature ?? '', 'base64').toString('base64url');
}

async function readKeys(vault: VaultClient): Promise<{ set: JSONWebKeySet; latest: number }> {
  const answer = await vault.read('transit/keys/token-signing');
  const versions = answer['keys'] as Record<string, { public_key: string }>;
  const keys = await Promise.all(
    Object.entries(versions).map(async ([version, { public_key }]) => ({
      ...(await exportJWK(createPublicKey(public_key))),
      kid: `v${version}`,
      alg: 'RS256',
      use: 'sig',
    })),
  );
  return { set: { keys }, latest: Math.max(...Object.keys(versions).map(Number)) };
}
