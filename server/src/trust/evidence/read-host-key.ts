import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Finding } from '../judge-control.ts';
import { canonicalJson } from './canonical-json.ts';
import { isOfTheFuture } from './find-fault.ts';
import { SIGNED_TYPES } from './signed-evidence.ts';

/**
 * What the host's root said, under its own signature (Ed25519 over the canonical JSON of everything
 * else and the type): the database only carries it.
 */
export type HostStatement = Finding & {
  readonly host: string;
  readonly version: string;
  readonly signature: string;
};

/** The public half that the installer laid where the server can read and not write; null without. */
export async function readHostKey(file: string | null): Promise<KeyObject | null> {
  if (file === null) return null;
  const pem = await readFile(file, 'utf8').catch(() => null);
  const key = pem === null ? null : createPublicKey(pem);
  return key?.asymmetricKeyType === 'ed25519' ? key : null;
}

type Reading = { key: KeyObject | null; version: string; now: Date };

/**
 * What of it counts: a statement that the host did not sign, or that is dated in the future, fails its
 * control; one of another version is left out, as if it was not made yet.
 */
export function readStatements(
  statements: readonly HostStatement[],
  { key, version, now }: Reading,
): Finding[] {
  return statements.flatMap((statement): Finding[] => {
    const { version: of, signature: _signature, ...finding } = statement;
    const fault = isOfTheHost(statement, key)
      ? isOfTheFuture(finding.at, now) && 'is dated in the future'
      : 'does not bear the signature of this host';
    if (fault) {
      const evidence = `What is kept about the host (${finding.host}) ${fault}: run casemate verify on it.`;
      return [{ ...finding, status: 'fail', evidence }];
    }
    return of === version ? [finding] : [];
  });
}

function isOfTheHost({ signature, ...said }: HostStatement, key: KeyObject | null): boolean {
  if (key === null) return false;
  const bytes = Buffer.from(canonicalJson({ ...said, type: SIGNED_TYPES.host }));
  return verify(null, bytes, key, Buffer.from(signature, 'base64'));
}
