import { Fault } from '../fault.ts';
import { plainEnv, runProgram, type ProgramResult } from '../host/run-program.ts';
import { parseTarget, targetAccess, type TargetFiles } from './target.ts';

/** The three repositories of a target; see docs/backup.md. */
export type RepositoryName = 'data' | 'keys' | 'recovery';

export type Repositories = {
  /** The program. */
  restic: string;
  target: string;
  files: TargetFiles;
  /** Index and metadata of what the repositories hold, so that they aren't fetched each time. */
  cacheDir: string;
  /** File with the password of each; that of `recovery` is empty on purpose. */
  passwordFile: (name: 'data' | 'keys') => string;
};

export type Snapshot = { id: string; time: string; tags: string[]; paths: string[] };
export type Saved = { snapshot: string; bytes: number; added: number };
export type ResticCall = {
  args: readonly string[];
  cwd?: string;
  input?: string;
  timeoutMs?: number;
};

/** Runs restic; its exit codes become Faults that say what to do. Resolves with its output. */
export async function restic(
  repositories: Repositories,
  name: RepositoryName,
  call: ResticCall,
): Promise<string> {
  const result = await tryRestic(repositories, name, call);
  if (result.code === 0) return result.stdout;
  throw faultOf(result, `${repositories.target} (${name})`);
}

/** The program, arguments and environment, for whoever pipes its output. */
export function resticCommand(
  { restic: program, target, files, cacheDir, passwordFile }: Repositories,
  name: RepositoryName,
  args: readonly string[],
): { program: string; args: string[]; env: Record<string, string> } {
  const { options, env } = targetAccess(parseTarget(target), files);
  const open =
    name === 'recovery' ? ['--insecure-no-password'] : ['--password-file', passwordFile(name)];
  const place = `${parseTarget(target).place}/${name}`;
  return {
    program,
    args: [
      '--repo',
      place,
      '--cache-dir',
      cacheDir,
      '--cleanup-cache',
      ...open,
      ...options,
      ...args,
    ],
    // In UTC times of snapshots are compared as text.
    env: { ...plainEnv, HOME: cacheDir, TZ: 'UTC', GOMAXPROCS: '2', ...env },
  };
}

export async function tryRestic(
  repositories: Repositories,
  name: RepositoryName,
  { args, ...options }: ResticCall,
): Promise<ProgramResult> {
  const command = resticCommand(repositories, name, args);
  return runProgram(command.program, command.args, { env: command.env, ...options });
}

const ANSWER_MS = 60_000;

/** Makes a repository that is not there yet; leaves one that is. */
export async function ensureRepository(
  repositories: Repositories,
  name: RepositoryName,
): Promise<void> {
  // restic tries a refusal again for a quarter of an hour; whoever waits here learns it sooner.
  const call = { args: ['cat', 'config'], timeoutMs: ANSWER_MS };
  const found = await tryRestic(repositories, name, call);
  if (found.code === 0) return;
  if (found.code !== 10) throw faultOf(found, `${repositories.target} (${name})`);
  await restic(repositories, name, { args: ['init', '--repository-version', '2'] });
}

/** Saves paths, or what a command prints, and resolves with the new snapshot. */
export async function save(
  repositories: Repositories,
  name: RepositoryName,
  call: { tags: readonly string[]; args: readonly string[]; cwd?: string; input?: string },
): Promise<Saved> {
  const { tags, args, ...options } = call;
  const words = ['backup', '--json', '--quiet', '--host', 'casemate', '--tag', tags.join(',')];
  const output = await restic(repositories, name, { ...options, args: [...words, ...args] });
  const last = output.trim().split('\n').at(-1) ?? '{}';
  const summary = JSON.parse(last) as Record<string, unknown>;
  if (typeof summary['snapshot_id'] !== 'string')
    throw new Fault('restic made no snapshot', { why: last.slice(0, 200) });
  return {
    snapshot: summary['snapshot_id'],
    bytes: Number(summary['total_bytes_processed'] ?? 0),
    added: Number(summary['data_added_packed'] ?? summary['data_added'] ?? 0),
  };
}

/** A target that answers this slowly is away. */
const LIST_MS = 10 * 60_000;

/** The snapshots that bear all of these tags, oldest first. */
export async function listSnapshots(
  repositories: Repositories,
  name: RepositoryName,
  tags: readonly string[] = [],
): Promise<Snapshot[]> {
  const args = ['snapshots', '--json', ...(tags.length > 0 ? ['--tag', tags.join(',')] : [])];
  const found = JSON.parse(await restic(repositories, name, { args, timeoutMs: LIST_MS })) as (Omit<
    Snapshot,
    'tags'
  > & { tags?: string[] })[];
  return found
    .map(({ id, time, tags: its = [], paths }) => ({ id, time, tags: its, paths }))
    .sort((one, other) => one.time.localeCompare(other.time));
}

export function faultOf({ code, stderr }: ProgramResult, place: string): Fault {
  const why = lastLine(stderr);
  if (code === 10)
    return new Fault(`There is no backup repository in ${place}`, {
      why,
      next: 'Check the target; `casemate backup create` makes its repositories.',
      code: 'notInstalled',
    });
  if (code === 12)
    return new Fault(`The backup repository in ${place} does not open with its password`, {
      why: 'Another repository lies in its place, or its key files were altered.',
      next: 'Nothing was changed. Put the repository back that belongs to this recovery record.',
      code: 'signature',
    });
  if (code === 11)
    return new Fault(`The backup repository in ${place} is in use`, {
      why,
      next: 'Wait for the other run, then run the command again.',
    });
  if (/no space left|disk quota/i.test(stderr))
    return new Fault('The disk is full', {
      why,
      next: 'Make room, then run the command again; what was saved before is whole.',
    });
  const damaged =
    /ciphertext verification failed|does not match|invalid data|not found|decrypt|unexpected EOF|hash mismatch/i;
  if (damaged.test(stderr))
    return new Fault(`The backup repository in ${place} is damaged`, {
      why,
      next: 'Nothing was changed. Use a copy of the repository, or an earlier backup: `casemate backup list`.',
      code: 'damaged',
    });
  return new Fault(`restic could not work in ${place}`, {
    why,
    next: 'Check that the target is reached and that its credentials are right.',
  });
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n').map(wordOf).filter(Boolean);
  return lines.at(-1) ?? 'It said nothing.';
}

/** With --json restic says its errors in JSON, too. */
function wordOf(line: string): string {
  try {
    const said = JSON.parse(line) as { message?: string; error?: { message?: string } };
    return said.message ?? said.error?.message ?? line;
  } catch {
    return line;
  }
}
