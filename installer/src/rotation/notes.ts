import { stat } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import type { InstancePaths } from '../instance/paths.ts';
import { requestVault } from '../vault/request.ts';

export type NotedSecret = 'seal-key' | 'installer-credentials';
export type Note = { made_at: string };
type Operator = { socketPath: string; token: string };

/** The file that holds the secret; when it was written is when the secret was made. */
export function secretFile(paths: InstancePaths, name: NotedSecret): string {
  return name === 'seal-key' ? paths.sealKeyFile : paths.credentialFile('operator');
}

export async function madeAt(paths: InstancePaths, name: NotedSecret): Promise<Date> {
  return (await stat(secretFile(paths, name))).mtime;
}

/**
 * Tells the inventory when a secret outside the key service was made: the programs that show it
 * can't see the file, and must not.
 */
export async function writeNote(
  { socketPath, token }: Operator,
  name: NotedSecret,
  at: Date,
): Promise<void> {
  const note: Note = { made_at: at.toISOString() };
  const path = `kv/data/rotation/${name}`;
  const body = { data: note };
  const answer = await requestVault({ socketPath, token, method: 'POST', path, body });
  if (answer.status < 300) return;
  throw new Fault('The age of a secret could not be noted', {
    why: `The key service answered ${answer.status}: ${(answer.body.errors ?? []).join('; ')}`,
    next: 'Run the command again.',
  });
}

export async function findNote(
  { socketPath, token }: Operator,
  name: NotedSecret,
): Promise<Date | undefined> {
  const path = `kv/data/rotation/${name}`;
  const { status, body } = await requestVault({ socketPath, token, method: 'GET', path });
  const { made_at } = (body.data?.['data'] ?? {}) as Partial<Note>;
  return status === 200 && made_at ? new Date(made_at) : undefined;
}
