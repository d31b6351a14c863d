import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { holdAuthority, writeRoles } from '../certificates/authority-engine.ts';
import { withAuthority } from '../certificates/authority-signer.ts';
import { certificatePaths } from '../certificates/certificate-files.ts';
import { destroyFile } from '../rotation/destroy-file.ts';
import type { Step } from './step.ts';

/**
 * Hands the authority's key to the key service's PKI engine and takes it off the disk. Browsers that
 * trust the authority go on doing so: its certificate stays the same.
 */
export const holdCertificateAuthority: Step = {
  id: 'hold-authority',
  title: 'Hand the key of the authority to the key service',
  isDone: ({ paths }) => !existsSync(certificatePaths(paths.tlsDir).authorityKey),
  apply: async ({ paths }) => {
    const { authorityCert, authorityKey } = certificatePaths(paths.tlsDir);
    const certificatePem = await readFile(authorityCert, 'utf8');
    const keyPem = await readFile(authorityKey, 'utf8');
    await withAuthority(paths, async (engine) => {
      await holdAuthority(engine, { certificatePem, keyPem });
      await writeRoles(engine);
    });
    await destroyFile(authorityKey);
  },
};
