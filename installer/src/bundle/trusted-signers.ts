import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { fingerprintOf } from './signing.ts';

/** Fingerprints of the keys whose signature counts, and who says so. */
export type TrustedSigners = {
  fingerprints: readonly string[];
  from: 'flag' | 'instance' | 'none';
};

/** Where an instance keeps the public key that its bundles are signed with. Root's alone to write. */
export function signerFile(layout: InstanceLayout): string {
  return path.join(layout.configDir, 'release-key.pem');
}

/**
 * The key that the instance was installed with; before that, the fingerprint that the operator
 * compared. What both say must agree: a flag never replaces a key that is known.
 */
export async function trustedSigners(
  layout: InstanceLayout,
  flag: string | undefined,
): Promise<TrustedSigners> {
  const given = flag === undefined ? undefined : parseFingerprint(flag);
  const pem = await readFile(signerFile(layout), 'utf8').catch(() => '');
  const pinned = pem === '' ? [] : splitPem(pem).map(fingerprintOf);
  if (pinned.length === 0)
    return given ? { fingerprints: [given], from: 'flag' } : { fingerprints: [], from: 'none' };
  if (given && !pinned.includes(given))
    throw new Fault('This instance trusts another key than the one you name', {
      why: `It was installed from a bundle signed by ${pinned.join(', ')}.`,
      next: 'A new key is taken in with `casemate bundle trust KEY`; read docs/bundle.md first.',
      code: 'signature',
    });
  return { fingerprints: pinned, from: 'instance' };
}

/** Notes the key of the first bundle; later ones are added by a person alone. */
export async function pinSigner(layout: InstanceLayout, pem: string): Promise<void> {
  const before = await readFile(signerFile(layout), 'utf8').catch(() => '');
  const known = before === '' ? [] : splitPem(before).map(fingerprintOf);
  if (known.includes(fingerprintOf(pem))) return;
  await writeFileAtomically(signerFile(layout), `${before}${pem}`, { mode: 0o644 });
}

/** With or without colons, spaces, and the name of the hash in front. */
export function parseFingerprint(text: string): string {
  const hex = text
    .replace(/^sha-?256:/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new Fault(`"${text}" is no fingerprint`, {
    why: 'It has 64 hexadecimal digits.',
    next: 'Take it from where the release was announced, not from the medium of the bundle.',
    code: 'usage',
  });
}

function splitPem(text: string): string[] {
  return text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n/g) ?? [];
}
