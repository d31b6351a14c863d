import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A passkey in software (WebAuthn, ES256): what the browser and its authenticator would answer. */
export type SoftPasskey = {
  readonly id: string;
  /** The answer to registration options. */
  register(asked: Asked, as?: Deviation): Record<string, unknown>;
  /** The answer to authentication options; the counter grows by one unless told otherwise. */
  assert(asked: Asked, as?: Deviation): Record<string, unknown>;
};

type Asked = { challenge: string };
/** What an attacker, or a weak device, does differently. */
export type Deviation = {
  origin?: string;
  rpId?: string;
  userVerified?: boolean;
  counter?: number;
  challenge?: string;
  userHandle?: string;
  type?: string;
};

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;

export function softPasskey(origin = 'https://localhost:0', rpId = 'localhost'): SoftPasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  let counter = 0;
  const clientData = (type: string, asked: Asked, as: Deviation): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: as.type ?? type,
        challenge: as.challenge ?? asked.challenge,
        origin: as.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const authData = (as: Deviation, attested: Buffer | null): Buffer => {
    const head = Buffer.alloc(37);
    createHash('sha256')
      .update(as.rpId ?? rpId)
      .digest()
      .copy(head);
    const verified = as.userVerified === false ? 0 : FLAGS.verified;
    head[32] = FLAGS.present | verified | (attested ? FLAGS.attested : 0);
    head.writeUInt32BE(as.counter ?? counter, 33);
    return attested ? Buffer.concat([head, attested]) : head;
  };
  const shown = { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  return {
    id,
    register: (asked, as = {}) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)]);
      const clientDataJSON = clientData('webauthn.create', asked, as).toString('base64url');
      const attestationObject = attestation(authData(as, attested)).toString('base64url');
      return {
        ...shown,
        response: { clientDataJSON, attestationObject, transports: ['internal'] },
      };
    },
    assert: (asked, as = {}) => {
      counter += 1;
      const client = clientData('webauthn.get', asked, as);
      const data = authData(as, null);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      return {
        ...shown,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
          ...(as.userHandle === undefined ? {} : { userHandle: as.userHandle }),
        },
      };
    },
  };
}

/** COSE_Key of an ES256 key (RFC 9053), in CBOR. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
}

/** `{fmt: 'none', attStmt: {}, authData}` in CBOR. */
function attestation(authData: Buffer): Buffer {
  const length = Buffer.from([0x59, authData.length >> 8, authData.length & 0xff]);
  return Buffer.concat([
    Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
    length,
    authData,
  ]);
}
