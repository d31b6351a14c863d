import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type AuthenticationResponseJSON,
} from '@simplewebauthn/server';
import type { z } from 'zod';
import { recordOnPlatform } from '../../../audit/index.ts';
import type { RequestContext } from '../../../platform/index.ts';
import { webauthnChallenge } from '../challenge.ts';
import type { Claim } from '../prove-factor.ts';
import { takeSignCount, type FactorRow } from '../repo.ts';
import { relyingParty } from './relying-party.ts';
import type { authenticationResponse } from './schema.ts';

export type PasskeyAnswer = z.output<typeof authenticationResponse>;

type Asked = {
  accountId: string;
  factors: readonly FactorRow[];
  token: string;
  response: PasskeyAnswer;
  /** As the only factor it must have looked at its person: by a finger, a face, a number. */
  alone?: boolean;
};

/**
 * Verifies an assertion (WebAuthn Level 3, 7.2): challenge, origin, relying party, signature, presence of a
 * person. What it gives takes the counter; one that did not grow is a copy, and refused.
 */
export async function verifyPasskey(
  ctx: RequestContext,
  { accountId, factors, token, response, alone = false }: Asked,
): Promise<Claim | undefined> {
  const credentialId = Buffer.from(response.id, 'base64url');
  const factor = factors.find((one) => one.credentialId?.equals(credentialId) === true);
  if (!factor?.publicKey || factor.signCount === null) return undefined;
  const { userHandle } = response.response;
  if (userHandle && !Buffer.from(userHandle, 'base64url').equals(handleOf(accountId)))
    return undefined;
  const party = relyingParty(ctx.platform.config);
  const challenge = Buffer.from(webauthnChallenge(ctx.platform.pepper, token));
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      // The counter is compared below, in the transaction that takes it.
      credential: { id: response.id, publicKey: new Uint8Array(factor.publicKey), counter: 0 },
      requireUserVerification: alone,
    });
    if (!verified) return undefined;
    return claimOf(ctx, factor, authenticationInfo.newCounter);
  } catch (error) {
    ctx.log.info('a passkey was refused', { reason: (error as Error).message });
    return undefined;
  }
}

function claimOf(ctx: RequestContext, factor: FactorRow, count: number): Claim {
  return async (tx) => {
    if (await takeSignCount(tx, factor.id, count)) return true;
    await recordOnPlatform(tx, ctx, {
      action: 'factor.cloned',
      outcome: 'refused',
      resourceType: 'factor',
      resourceId: factor.id,
      after: { count, known: factor.signCount },
    });
    return false;
  };
}

/** What the browser is asked: one of these passkeys, or, where none is named, any of this host. */
export async function passkeyOptionsOf(
  ctx: RequestContext,
  { token, factors }: { token: string; factors: readonly FactorRow[] | null },
): Promise<Record<string, unknown>> {
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(ctx.platform.config).id,
    challenge: webauthnChallenge(ctx.platform.pepper, token),
    timeout: 300_000,
    userVerification: factors === null ? 'required' : 'preferred',
    allowCredentials: (factors ?? []).flatMap(({ credentialId, transports }) =>
      credentialId === null
        ? []
        : [{ id: credentialId.toString('base64url'), transports: transports ?? [] }],
    ),
  });
  return { ...options };
}

/** The id of the account as bytes: says nothing of the person. */
export function handleOf(accountId: string): Buffer {
  return Buffer.from(accountId.replaceAll('-', ''), 'hex');
}
