import { z } from 'zod';

/** Base64url, as WebAuthn's JSON has its bytes. */
const bytes = z.string().regex(/^[\w-]{1,16384}={0,2}$/, 'must be base64url');
const transports = z.array(z.string().max(32)).max(8);

/** Of extensions nothing is asked but whether the passkey can be found by its host (WebAuthn Level 3, 10.1.3). */
const extensions = z
  .strictObject({ credProps: z.strictObject({ rk: z.boolean().optional() }).optional() })
  .default({});

export const registrationResponse = z.strictObject({
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: transports.optional(),
    // What browsers say once more of what stands in the attestation; not looked at.
    authenticatorData: bytes.optional(),
    publicKey: bytes.optional(),
    publicKeyAlgorithm: z.int().optional(),
  }),
  clientExtensionResults: extensions,
  authenticatorAttachment: z.string().max(32).nullish(),
});

export const authenticationResponse = z.strictObject({
  id: bytes,
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish(),
  }),
  clientExtensionResults: extensions,
  authenticatorAttachment: z.string().max(32).nullish(),
});

/** What the browser's own function takes; made by the library, passed on as it is. */
export const passkeyOptions = z.record(z.string(), z.unknown());
