import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../fault.ts';
import type { Owner } from '../host/write-file.ts';
import { ensureDir, writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { VaultRole } from '../instance/paths.ts';
import { issueWrappedSecretId } from '../vault/issue-wrapped-secret-id.ts';
import { readCredential } from '../vault/log-in.ts';

/**
 * Lays a fresh wrapped secret-id where the program of that role takes it, readable by its account
 * only, and clears its request for one. The directory is made anew if a reboot took it.
 */
export async function deliverSecretId(
  layout: InstanceLayout,
  role: VaultRole,
  owner: Owner | undefined,
): Promise<void> {
  const paths = instancePaths(layout);
  await writeSecretId({ layout, role, owner, file: paths.wrappedSecretIdFile(role) });
  await rm(paths.vaultRequestFile(role), { force: true });
}

type Delivery = {
  layout: InstanceLayout;
  role: VaultRole;
  owner: Owner | undefined;
  file: string;
};

/** The same at a path of the caller's choice. */
export async function writeSecretId({ layout, role, owner, file }: Delivery): Promise<void> {
  const paths = instancePaths(layout);
  await ensureDir(path.dirname(file), { mode: 0o700, owner });
  const issuer = await readCredential(paths.credentialFile('issuer'));
  const token = await issueWrappedSecretId(paths.vaultSocket, issuer, role);
  await writeFileAtomically(file, token, { mode: 0o400, owner });
}

/**
 * Answers a program that asks for a new secret-id by creating its request file (its token was lost
 * in an outage longer than its life). Polled: a stat each second costs nothing and, unlike
 * inotify, survives the directory being made anew.
 */
export function watchRequests(
  requests: readonly { file: string; deliver: () => Promise<void> }[],
  say: (text: string) => void,
): () => void {
  let busy = false;
  const timer = setInterval(() => {
    const asked = busy ? [] : requests.filter(({ file }) => existsSync(file));
    if (asked.length === 0) return;
    busy = true;
    void Promise.all(
      asked.map(({ deliver, file }) =>
        deliver().then(
          () => say(`a new secret-id was delivered (${file})`),
          (error: unknown) => say(`no new secret-id could be delivered: ${messageOf(error)}`),
        ),
      ),
    ).finally(() => (busy = false));
  }, 1000);
  return () => clearInterval(timer);
}
