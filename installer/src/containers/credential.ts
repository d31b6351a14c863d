import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readCredential, type AppRoleCredential } from '../vault/log-in.ts';
import { places } from './places.ts';
import type { ContainerSettings } from './settings.ts';

/** Of a role of the installer: the service account's token on a cluster, else what initialisation drew. */
export async function credentialOf(
  role: 'issuer' | 'operator',
  { kubernetes }: ContainerSettings,
): Promise<AppRoleCredential> {
  if (!kubernetes) return readCredential(path.join(places.credentials, `${role}.json`));
  const serviceToken = (await readFile(kubernetes.tokenFile, 'utf8')).trim();
  return { kubernetesRole: role, serviceToken };
}
