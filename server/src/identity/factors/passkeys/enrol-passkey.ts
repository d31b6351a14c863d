import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
  type VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import type { z } from 'zod';
import { AppError, newId, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { endChallenge, lockChallenge } from '../challenge-repo.ts';
import { goneChallenge, makeChallenge, readChallenge, webauthnChallenge } from '../challenge.ts';
import { addFactor, requireFreshPerson, type Added } from '../enrol.ts';
import { insertPasskey } from '../repo.ts';
import { factsWith, listTrustedFactors } from '../trusted-factors.ts';
import { relyingParty } from './relying-party.ts';
import type { registrationResponse } from './schema.ts';
import { handleOf } from './verify-passkey.ts';

const MOST_PASSKEYS = 10;

/** What the browser is asked to make a passkey of; known ones of the same device are refused there. */
export async function beginPasskey(
  ctx: RequestContext,
  parts: IdentityParts,
): Promise<{ challenge: string; options: Record<string, unknown> }> {
  const party = relyingParty(ctx.platform.config);
  const person = await requireFreshPerson(ctx, parts);
  const { factors, token } = await ctx.inControl(async (tx) => {
    const asked = { purpose: 'enrol', accountId: person.id, sessionId: person.sessionId } as const;
    const made = await makeChallenge(tx, ctx, asked);
    return { factors: await listTrustedFactors(tx, person), token: made.token };
  });
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: person.email,
    userDisplayName: person.name,
    userID: new Uint8Array(handleOf(person.id)),
    challenge: webauthnChallenge(ctx.platform.pepper, token),
    attestationType: 'none',
    timeout: 300_000,
    excludeCredentials: factors.flatMap(({ credentialId }) =>
      credentialId === null ? [] : [{ id: credentialId.toString('base64url') }],
    ),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  return { challenge: token, options: { ...options } };
}

type Wish = {
  challenge: string;
  name: string;
  response: z.output<typeof registrationResponse>;
};

/** Takes the passkey that the browser made, after its person said what it is called. */
export async function addPasskey(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: Wish,
): Promise<Added> {
  const person = await requireFreshPerson(ctx, parts);
  const { hash } = await ctx.inControl(async (tx) => {
    const row = await readChallenge(tx, ctx, { token: wish.challenge, purpose: 'enrol' });
    if (row.accountId !== person.id || row.sessionId !== person.sessionId) throw goneChallenge();
    return row;
  });
  const { credential } = await verify(ctx, wish);
  const passkey = {
    id: newId(),
    kind: 'passkey' as const,
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    onlyTenant: person.onlyTenant,
  };
  return addFactor(ctx, parts, {
    person,
    factor: passkey,
    insert: async (tx, account) => {
      if (!(await lockChallenge(tx, hash))) throw goneChallenge();
      await endChallenge(tx, hash);
      const known = await listTrustedFactors(tx, account);
      if (known.filter(({ kind }) => kind === 'passkey').length >= MOST_PASSKEYS)
        throw new AppError(
          'not_allowed_now',
          `There are ${MOST_PASSKEYS} already; remove one first`,
        );
      const inserted = await insertPasskey(tx, {
        ...passkey,
        accountId: account.id,
        name: wish.name,
        signCount: credential.counter,
        transports: wish.response.response.transports ?? [],
      });
      if (!inserted) throw new AppError('already_exists', 'This passkey is registered already');
      return factsWith(account.factors, passkey);
    },
  });
}

async function verify(
  { platform, log }: RequestContext,
  { challenge, response }: Wish,
): Promise<NonNullable<VerifiedRegistrationResponse['registrationInfo']>> {
  const party = relyingParty(platform.config);
  const wanted = Buffer.from(webauthnChallenge(platform.pepper, challenge)).toString('base64url');
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: wanted,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: false,
    });
    if (verified) return registrationInfo;
  } catch (error) {
    log.info('a new passkey was refused', { reason: (error as Error).message });
  }
  throw new AppError('invalid_input', 'The browser’s answer does not hold; try again');
}
