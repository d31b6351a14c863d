import { sign, verify, type KeyObject } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { Manifest } from './manifest.ts';
import { readPublicKey } from './signing.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

type Subject = { name: string; digest: { sha256: string } };
type Statement = { _type: string; subject: Subject[]; predicateType: string; predicate: Predicate };
type Predicate = { buildDefinition: unknown; runDetails: unknown };
type Envelope = {
  payload: string;
  payloadType: string;
  signatures: { keyid: string; sig: string }[];
};

export type Provenance = {
  manifest: Manifest;
  /** The files of the archive with their SHA-256. */
  parts: readonly { file: string; sha256: string }[];
  /** Signs, and is known by. */
  key: KeyObject;
  fingerprint: string;
};

/**
 * From what and how the archive was made: an in-toto statement (v1) with the provenance of SLSA (v1), in a
 * DSSE envelope (secure-systems-lab/dsse, v1) that the release key signs. Nothing in it tells of the host
 * or the hour, so two builds of the same inputs have the same bytes.
 */
export function provenanceText({ manifest, parts, key, fingerprint }: Provenance): string {
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: parts.map(({ file, sha256 }) => ({ name: file, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: definitionOf(manifest),
      runDetails: {
        builder: { id: `urn:casemate:release-key:${fingerprint}` },
        metadata: { invocationId: `${manifest.version}+${manifest.server}` },
      },
    },
  };
  const payload = Buffer.from(JSON.stringify(statement));
  const envelope: Envelope = {
    payload: payload.toString('base64'),
    payloadType: PAYLOAD_TYPE,
    signatures: [
      { keyid: fingerprint, sig: sign(null, preAuthentication(payload), key).toString('base64') },
    ],
  };
  return `${JSON.stringify(envelope)}\n`;
}

function definitionOf({ version, platform, released, ...manifest }: Manifest): object {
  return {
    buildType: 'urn:casemate:bundle:1',
    externalParameters: { version, platform, released },
    resolvedDependencies: [
      {
        name: 'casemate',
        ...(manifest.commit === null ? {} : { digest: { gitCommit: manifest.commit } }),
        annotations: { sources: manifest.server },
      },
      ...manifest.components.map(({ name, sha256, ...component }) => ({
        name,
        digest: { sha256 },
        annotations: { version: component.version },
      })),
    ],
  };
}

/** Pre-authentication encoding of DSSE: what is signed says of itself what it is. */
function preAuthentication(payload: Buffer): Buffer {
  const head = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

type About = {
  publicPem: string;
  parts: readonly { file: string; sha256: string }[];
  manifest: Manifest;
};

/**
 * Gives the statement when `publicPem` signed exactly this about exactly these files, made of what the
 * manifest names. Throws a Fault with the code `signature`.
 */
export function checkProvenance(text: string, { publicPem, parts, manifest }: About): Statement {
  const refuse = (why: string): never => {
    throw new Fault('The provenance of the bundle does not hold', { why, code: 'signature' });
  };
  let envelope: Envelope;
  let payload: Buffer;
  try {
    envelope = JSON.parse(text) as Envelope;
    payload = Buffer.from(envelope.payload, 'base64');
  } catch {
    return refuse('It can not be read.');
  }
  if (envelope.payloadType !== PAYLOAD_TYPE) return refuse('It is of another kind.');
  const key = readPublicKey(publicPem);
  const signed = envelope.signatures.some(({ sig }) =>
    verify(null, preAuthentication(payload), key, Buffer.from(sig, 'base64')),
  );
  if (!signed) return refuse('It bears no signature of the key that signed the bundle.');
  const statement = JSON.parse(payload.toString('utf8')) as Statement;
  const told = statement.subject.map(({ name, digest }) => `${digest.sha256} ${name}`).sort();
  const found = parts.map(({ file, sha256 }) => `${sha256} ${file}`).sort();
  if (told.join('\n') !== found.join('\n')) return refuse('It is about other files.');
  const { buildDefinition } = statement.predicate;
  if (JSON.stringify(buildDefinition) !== JSON.stringify(definitionOf(manifest)))
    return refuse('It names other sources or components than the manifest.');
  return statement;
}
