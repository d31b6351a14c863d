import { decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { AppError, type VaultClient } from '../platform/index.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';

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
const MAX_VERIFIED = 10_000;

export function createAccessTokens(vault: VaultClient, now: () => number = Date.now): AccessTokens {
  // Verified tokens until they expire; sessions are checked apart from this, at most seconds late.
  const verified = new Map<string, AccessClaims & { expiresAt: number; kid: string }>();
  const keys = createSigningKeys(vault, {
    now,
    onWithdrawn: (kids) => {
      for (const [token, { kid }] of verified) if (!kids.has(kid)) verified.delete(token);
    },
  });
  const remember = (token: string, known: AccessClaims & { expiresAt: number; kid: string }) => {
    const [oldest] = verified.keys();
    if (verified.size >= MAX_VERIFIED && oldest !== undefined) verified.delete(oldest);
    verified.set(token, known);
    return known;
  };
  return {
    issue: async ({ accountId, sessionId }) => {
      const { latest } = await keys.get();
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
      if (known && known.expiresAt > now()) {
        keys.refreshBeside();
        return known;
      }
      verified.delete(token);
      const kid = kidOf(token);
      const { find } = await keys.get(kid);
      const { sub, sid, exp } = await check(token, find, now());
      return remember(token, {
        accountId: String(sub),
        sessionId: String(sid),
        expiresAt: Number(exp) * 1000,
        kid,
      });
    },
    keySet: async () => (await keys.get()).set,
  };
}

async function check(token: string, find: SigningKeys['find'], at: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, find, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      currentDate: new Date(at),
      requiredClaims: ['sub', 'sid', 'exp'],
    });
    return payload;
  } catch (error) {
    throw invalid(error);
  }
}

function kidOf(token: string): string {
  try {
    const { kid } = decodeProtectedHeader(token);
    if (kid !== undefined) return kid;
  } catch (error) {
    throw invalid(error);
  }
  throw invalid(undefined);
}

function invalid(cause: unknown): AppError {
  return new AppError('unauthenticated', 'The access token is not valid; refresh or sign in', {
    cause,
  });
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
