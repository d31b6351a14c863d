import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createAccessTokens, endCanarySession } from '../../identity/index.ts';
import { newId } from '../../platform/index.ts';
import { makePerson } from '../canaries/make-canaries.ts';
import { makeApiKey } from '../canaries/make-objects.ts';
import type { World } from '../world.ts';

/** One way to claim to be somebody. None of these may open anything of B. */
export type Credential = {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A person who was at home in B and is no longer. */
  readonly former?: true;
};

const bearer = (name: string, token: string): Credential => ({
  name,
  headers: { authorization: `Bearer ${token}` },
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Every credential path: forged, expired, mixed, of another kind, ended, deactivated, demoted. */
export async function makeCredentials(world: World): Promise<Credential[]> {
  return [
    { name: 'nothing', headers: {} },
    bearer('random text', randomBytes(32).toString('base64url')),
    ...forgedTokens(world),
    ...(await mixedTokens(world)),
    ...wrongPlaces(world),
    ...(await apiKeys(world)),
    ...(await formerPeople(world)),
  ];
}

/** Tokens whose signature is not the key service's over their own claims. */
function forgedTokens({ a, b }: World): Credential[] {
  const [header = '', payload = '', signature = ''] = b.admin.accessToken.split('.');
  const decode = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const kid = String(decode(header)['kid']);
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const forge = (head: object, make: (text: string) => Buffer): string => {
    const text = `${encode(head)}.${encode(decode(payload))}`;
    return `${text}.${make(text).toString('base64url')}`;
  };
  const rs256 = { alg: 'RS256', typ: 'at+jwt', kid };
  const byOwnKey = forge(rs256, (text) => sign('sha256', Buffer.from(text), own.privateKey));
  const byHmac = forge({ ...rs256, alg: 'HS256' }, (text) =>
    createHmac('sha256', kid).update(text).digest(),
  );
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const foreign = a.admin.accessToken.split('.')[2] ?? '';
  return [
    bearer('a token signed by another key', byOwnKey),
    bearer('a token signed by HMAC', byHmac),
    bearer('a token with algorithm none', `${encode({ ...rs256, alg: 'none' })}.${payload}.`),
    bearer('a token with its signature changed', `${header}.${payload}.${flipped}`),
    bearer("A's signature under B's claims", `${header}.${payload}.${foreign}`),
  ];
}

/** Truly signed tokens that fit nobody: expired, of two people at once, of no session. */
async function mixedTokens({ a, b, subject }: World): Promise<Credential[]> {
  const { tokens } = subject.identity;
  const issue = async (accountId: string, sessionId: string): Promise<string> =>
    (await tokens.issue({ accountId, sessionId })).accessToken;
  const hourAgo = createAccessTokens(subject.ctx.platform.vault, {
    withdrawn: () => Promise.resolve(new Set()),
    now: () => Date.now() - 3_600_000,
  });
  const [one, other] = [a.admin, b.admin];
  return [
    bearer('an expired token', (await hourAgo.issue(other)).accessToken),
    bearer("B's account with A's session", await issue(other.accountId, one.sessionId)),
    bearer("A's account with B's session", await issue(one.accountId, other.sessionId)),
    bearer('a session that never was', await issue(other.accountId, newId())),
  ];
}

/** Good secrets of B where they don't belong, and A's own with words that name B. */
function wrongPlaces({ a, b }: World): Credential[] {
  const { accessToken, refreshToken, accountId } = b.admin;
  const basic = Buffer.from(accessToken).toString('base64');
  return [
    bearer('the refresh token of B', refreshToken),
    {
      name: 'the refresh cookie of B alone',
      headers: { cookie: `__Secure-casemate-refresh=${refreshToken}` },
    },
    { name: 'the token of B as basic credentials', headers: { authorization: `Basic ${basic}` } },
    {
      name: 'the token of B in a header of its own',
      headers: { 'x-access-token': accessToken, 'x-api-key': accessToken },
    },
    {
      name: "A's token with headers that name B",
      headers: {
        authorization: `Bearer ${a.admin.accessToken}`,
        'x-tenant-id': b.id,
        'x-account-id': accountId,
        'x-original-url': `/api/tenants/${b.id}`,
        'x-http-method-override': 'GET',
      },
    },
  ];
}

/** A good key of A, and one of B that was revoked; each was good where it belongs a moment ago. */
async function apiKeys(world: World): Promise<Credential[]> {
  const { a, b, http, ledger } = world;
  const [ofA, ofB] = [await makeApiKey(world, a), await makeApiKey(world, b)];
  for (const [what, tenant, { key }] of [
    ['of A', a, ofA],
    ['of B', b, ofB],
  ] as const) {
    const { status, text } = await http.send(
      { method: 'get', path: `/api/tenants/${tenant.id}/documents` },
      key,
    );
    const why = status === 200 ? null : `answers ${status}: ${text}`;
    ledger.twin('credentials', `an API key ${what}, at home`, why);
  }
  const path = `/api/tenants/${b.id}/api-keys/${ofB.id}`;
  await http.send({ method: 'delete', path }, b.admin.accessToken);
  return [
    bearer('an API key of A', ofA.key),
    { ...bearer('an API key of B that was revoked', ofB.key), former: true },
  ];
}

/** People who had the right until a moment ago; the session cache is given its two seconds. */
async function formerPeople(world: World): Promise<Credential[]> {
  const { b, http, ledger, subject } = world;
  const membership = { tenantId: b.id, role: 'admin' as const };
  const leaver = await makePerson(world, { name: 'Canary who left', memberships: [membership] });
  const signedOut = await makePerson(world, {
    name: 'Canary signed out',
    memberships: [membership],
  });
  const gone = await makePerson(world, { name: 'Canary deactivated', memberships: [membership] });
  // The server knows them by now; what it keeps of them must not outlive their right.
  for (const [what, person] of Object.entries({ leaver, signedOut, gone })) {
    const path = `/api/tenants/${b.id}/documents`;
    const { status } = await http.send({ method: 'get', path }, person.accessToken);
    const why = status === 200 ? null : `answers ${status}`;
    ledger.twin('credentials', `former people, before: ${what}`, why);
  }
  await subject.ctx.inControl(async (tx) => {
    await endCanarySession(tx, { accountId: signedOut.accountId, how: 'signed_out' });
    await endCanarySession(tx, { accountId: gone.accountId, how: 'deactivated' });
    await endCanarySession(tx, { accountId: leaver.accountId, how: 'left', tenantId: b.id });
  });
  return [
    { ...bearer('a session that has ended', signedOut.accessToken), former: true },
    { ...bearer('a deactivated account', gone.accessToken), former: true },
    { ...bearer('somebody who left the tenant', leaver.accessToken), former: true },
  ];
}
