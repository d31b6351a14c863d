import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../host/write-file.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceLayout } from '../instance/layout.ts';

/** Drawn with the first bundle and kept beside the other credentials: pseudonyms stay the same. */
export async function getPseudonymKey(layout: InstanceLayout): Promise<Buffer> {
  const folder = path.dirname(instancePaths(layout).credentialFile('issuer'));
  const file = path.join(folder, 'support-pseudonyms.key');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return Buffer.from(kept, 'hex');
  const key = randomBytes(32);
  await writeFileAtomically(file, key.toString('hex'), { mode: 0o400 });
  return key;
}
