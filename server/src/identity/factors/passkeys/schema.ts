import { z } from 'zod';

/** Base64url, as WebAuthn's JSON has its bytes. */
const bytes = z.string().regex(/^[\w-]{1,16384}={0,2}$/, 'must be base64url');
const transports = z.array(z.string().max(32)).max(8);

export const registrationResponse = z.object({
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: transports.optional(),
  }),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()).default({}),
  authenticatorAttachment: z.string().max(32).nullish(),
});

export const authenticationResponse = z.object({
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()).default({}),
  authenticatorAttachment: z.string().max(32).nullish(),
});

/** What the browser's own function takes; made by the library, passed on as it is. */
export const passkeyOptions = z.record(z.string(), z.unknown());
