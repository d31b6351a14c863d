import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../fault.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { watchRequests } from '../supervisor/secret-ids.ts';
import { issueWrappedSecretId } from '../vault/issue-wrapped-secret-id.ts';
import { logIn, logOut } from '../vault/log-in.ts';
import { requestVault } from '../vault/request.ts';
import { serviceRoles } from '../vault/role-settings.ts';
import { configure } from './configure.ts';
import { credentialOf } from './credential.ts';
import { keepCertificate } from './keep-certificate.ts';
import { places } from './places.ts';
import type { ContainerSettings } from './settings.ts';

type Role = (typeof serviceRoles)[number];

const DAY_MS = 86_400_000;

/**
 * On one host, where no supervisor runs: configures the parts, then hands each program that asks for
 * one a fresh, wrapped, single-use secret-id, and renews the certificate of the dashboard.
 */
export async function keepIssuing(settings: ContainerSettings): Promise<void> {
  await rm(places.issuerReady, { force: true });
  await configure(settings);
  await writeRoleIds(settings);
  await keepCertificate(settings);
  const stopWatching = watchRequests(
    serviceRoles.map((role) => ({
      file: fileOf(role, 'request'),
      deliver: () => deliver(settings, role),
    })),
    (text) => process.stdout.write(`${text}\n`),
  );
  await writeFile(places.issuerReady, '');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await sleep(DAY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    if (stop.signal.aborted) break;
    await keepCertificate(settings).catch((error: unknown) =>
      process.stderr.write(`the certificate is tried again tomorrow: ${messageOf(error)}\n`),
    );
  }
  stopWatching();
}

const fileOf = (role: Role, name: 'role-id' | 'wrapped-secret-id' | 'request'): string =>
  path.join(places.roleDir(role), name);

/** The folder belongs to the group of the program, which its files take over. */
async function deliver(settings: ContainerSettings, role: Role): Promise<void> {
  const issuer = await credentialOf('issuer', settings);
  const token = await issueWrappedSecretId(settings.vault, issuer, role);
  await writeFileAtomically(fileOf(role, 'wrapped-secret-id'), token, { mode: 0o440 });
  await rm(fileOf(role, 'request'), { force: true });
}

async function writeRoleIds(settings: ContainerSettings): Promise<void> {
  const token = await logIn(settings.vault, await credentialOf('operator', settings));
  try {
    for (const role of serviceRoles) {
      if (!existsSync(places.roleDir(role))) await mkdir(places.roleDir(role));
      const { body } = await requestVault({
        socketPath: settings.vault,
        method: 'GET',
        path: `auth/approle/role/${role}/role-id`,
        token,
      });
      const roleId = body.data?.['role_id'];
      if (typeof roleId !== 'string') throw new Error(`the key service has no role ${role}`);
      await writeFileAtomically(fileOf(role, 'role-id'), roleId, { mode: 0o440 });
    }
  } finally {
    await logOut(settings.vault, token);
  }
}
