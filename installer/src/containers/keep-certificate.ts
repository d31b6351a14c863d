import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { holdAuthority, engineSigner, writeRoles } from '../certificates/authority-engine.ts';
import { certificatePaths } from '../certificates/certificate-files.ts';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { destroyFile } from '../rotation/destroy-file.ts';
import { logIn, logOut } from '../vault/log-in.ts';
import { credentialOf } from './credential.ts';
import { places } from './places.ts';
import type { ContainerSettings } from './settings.ts';

/**
 * Makes or renews the certificate of the dashboard and lays it where the server reads it. The key of
 * the authority that signed the first one is handed to the key service and leaves the volume.
 */
export async function keepCertificate(settings: ContainerSettings): Promise<void> {
  const directory = places.authorityDir;
  const token = await logIn(settings.vault, await credentialOf('operator', settings));
  const engine = { socketPath: settings.vault, token };
  try {
    await ensureServerCertificate({
      directory,
      hostName: settings.hostName,
      addresses: [],
      now: new Date(),
      sign: engineSigner(engine),
    });
    const { authorityCert, authorityKey } = certificatePaths(directory);
    if (existsSync(authorityKey)) {
      const certificatePem = await readFile(authorityCert, 'utf8');
      await holdAuthority(engine, {
        certificatePem,
        keyPem: await readFile(authorityKey, 'utf8'),
      });
      await writeRoles(engine);
      await destroyFile(authorityKey);
    }
  } finally {
    await logOut(settings.vault, token);
  }
  for (const name of ['server.crt', 'server.key', 'ca.crt']) {
    const content = await readFile(path.join(directory, name));
    const file = path.join(places.dashboardTls, name);
    if (existsSync(file) && content.equals(await readFile(file))) continue;
    // The folder belongs to the group of the server, which its files take over.
    await writeFileAtomically(file, content, { mode: 0o440 });
  }
}
