import { decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { AppError, type VaultClient } from '../platform/index.ts';
import {
  createSigningKeys,
  KEYS_TTL_MS,
  PUBLISHED_FIRST_MS,
  signingVersion,
  type SigningKeys,
} from './signing-keys.ts';

/** What a session is of: where its tokens lie, and how long they live, follows from it. */
export type ClientKind = 'browser' | 'mobile';

export type AccessClaims = { accountId: string; sessionId: string; client: ClientKind };
type Wish = { accountId: string; sessionId: string; client?: ClientKind };

export type AccessTokens = {
  /** Signs with the transit key, which never leaves the key service (control SES-01). */
  issue(claims: Wish): Promise<{ accessToken: string; expiresAt: Date }>;
  /** Verifies locally. Throws unauthenticated. */
  verify(token: string): Promise<AccessClaims>;
  /** The public halves, RFC 7517. */
  keySet(): Promise<JSONWebKeySet>;
  /** A version of the key was made or withdrawn: the keys are read again. */
  refreshKeys(): Promise<void>;
};

type Options = {
  /** Thumbprints of keys that are accepted no more. */
  withdrawn: () => Promise<ReadonlySet<string>>;
  now?: () => number;
  /** How long a new version is published before it signs. */
  publishedFirstMs?: number;
  /** How long the keys are gone by before they are read again. */
  keepKeysMs?: number;
};

export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** A phone is away from the network for longer. */
export const MOBILE_TOKEN_SECONDS = 30 * 60;
const ISSUER = 'casemate';
/** A token says in its audience which kind of client holds it (RFC 8725, 3.9). */
const AUDIENCE = { browser: 'casemate-api', mobile: 'casemate-mobile' } as const;
const MAX_VERIFIED = 10_000;

export function createAccessTokens(vault: VaultClient, options: Options): AccessTokens {
  const {
    withdrawn,
    now = Date.now,
    publishedFirstMs = PUBLISHED_FIRST_MS,
    keepKeysMs = KEYS_TTL_MS,
  } = options;
  // Verified tokens until they expire; sessions are checked apart from this, at most seconds late.
  const verified = new Map<string, AccessClaims & { expiresAt: number; kid: string }>();
  const keys = createSigningKeys(vault, { now, keepMs: keepKeysMs, withdrawn });
  const remember = (token: string, known: AccessClaims & { expiresAt: number; kid: string }) => {
    const [oldest] = verified.keys();
    if (verified.size >= MAX_VERIFIED && oldest !== undefined) verified.delete(oldest);
    verified.set(token, known);
    return known;
  };
  const signed = async (claims: object): Promise<string> => {
    const version = signingVersion(await keys.get(), now(), publishedFirstMs);
    try {
      return await sign(vault, claims, version);
    } catch (error) {
      // The version may have been withdrawn since the keys were read.
      const present = signingVersion(await keys.refresh(), now(), publishedFirstMs);
      if (present === version) throw error;
      return sign(vault, claims, present);
    }
  };
  return {
    issue: async ({ accountId, sessionId, client = 'browser' }) => {
      const issuedAt = Math.floor(now() / 1000);
      const exp = issuedAt + (client === 'mobile' ? MOBILE_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS);
      const accessToken = await signed({
        iss: ISSUER,
        aud: AUDIENCE[client],
        sub: accountId,
        sid: sessionId,
        iat: issuedAt,
        exp,
      });
      return { accessToken, expiresAt: new Date(exp * 1000) };
    },
    verify: async (token) => {
      const known = verified.get(token);
      const holds = known !== undefined && keys.current()?.kids.has(known.kid) === true;
      if (holds && known.expiresAt > now()) return known;
      verified.delete(token);
      const kid = kidOf(token);
      const { find } = await keys.get(kid);
      const { sub, sid, exp, aud } = await check(token, find, now());
      return remember(token, {
        accountId: String(sub),
        sessionId: String(sid),
        client: aud === AUDIENCE.mobile ? 'mobile' : 'browser',
        expiresAt: Number(exp) * 1000,
        kid,
      });
    },
    keySet: async () => (await keys.get()).set,
    refreshKeys: async () => {
      await keys.refresh();
    },
  };
}

async function check(token: string, find: SigningKeys['find'], at: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, find, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: Object.values(AUDIENCE),
      typ: 'at+jwt',
      currentDate: new Date(at),
      requiredClaims: ['sub', 'sid', 'exp'],
    });
    // A list could name both kinds.
    if (typeof payload.aud !== 'string') throw new Error('the audience is no single one');
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

async function sign(vault: VaultClient, claims: object, version: number): Promise<string> {
  const text = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: `v${version}` })}.${encode(claims)}`;
  const answer = await vault.write('transit/sign/token-signing/sha2-256', {
    input: Buffer.from(text).toString('base64'),
    // The engine's default is PSS; RS256 is PKCS #1 v1.5 (RFC 7518, 3.3).
    signature_algorithm: 'pkcs1v15',
    key_version: version,
  });
  const [, , signature] = String(answer['signature']).split(':');
  return `${text}.${Buffer.from(signature ?? '', 'base64').toString('base64url')}`;
}
