import { z } from 'zod';
import type { AskedFor } from './ask-for.ts';
import type { OwnFactors } from './own-factors.ts';
import { authenticationResponse, passkeyOptions } from './passkeys/schema.ts';

export const tokenSchema = z.string().regex(/^[\w-]{43}$/, 'is no challenge');
export const totpCode = z
  .string()
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'must be six digits'));
/** A person's own, not a tenant's: an id that opens nothing to anybody else. */
export const factorId = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no factor');
export const factorName = z.string().trim().min(1).max(60);

const codeAnswers = [
  z.strictObject({ kind: z.literal('totp'), code: totpCode }),
  z.strictObject({ kind: z.literal('sms'), code: totpCode }),
  z.strictObject({ kind: z.literal('recovery'), code: z.string().trim().min(1).max(60) }),
] as const;

/** Of a client in which no passkey can be shown. */
export const codeAnswerSchema = z.discriminatedUnion('kind', codeAnswers);

export const answerSchema = z.discriminatedUnion('kind', [
  ...codeAnswers,
  z.strictObject({ kind: z.literal('passkey'), response: authenticationResponse }),
]);

export const challengeSchema = z.object({
  challenge: z.string(),
  expiresAt: z.iso.datetime(),
  methods: z.array(z.enum(['totp', 'passkey', 'sms', 'recovery'])),
  passkey: passkeyOptions.nullable(),
});

export const addedSchema = z.object({
  id: z.uuid(),
  /** With the first factor, and never again. */
  recoveryCodes: z.array(z.string()).nullable(),
});

export const ownFactorsSchema = z.object({
  factors: z.array(
    z.object({
      id: z.uuid(),
      kind: z.enum(['totp', 'passkey', 'phone']),
      name: z.string(),
      createdAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
    }),
  ),
  recoveryCodes: z.int(),
  required: z.boolean(),
  passkeys: z.boolean(),
  phones: z.boolean(),
});

export function presentChallenge({
  expiresAt,
  ...asked
}: AskedFor): z.input<typeof challengeSchema> {
  return { ...asked, expiresAt: expiresAt.toISOString() };
}

export function presentOwnFactors({
  factors,
  ...own
}: OwnFactors): z.input<typeof ownFactorsSchema> {
  return {
    ...own,
    factors: factors.map(({ createdAt, lastUsedAt, ...factor }) => ({
      ...factor,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
  };
}
