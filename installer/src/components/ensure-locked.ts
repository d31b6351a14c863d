import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cachedDir, findCached } from './cached-component.ts';
import { finishTree } from './component-parts.ts';
import { makeReadable } from './make-readable.ts';
import { messageOf } from './message-of.ts';
import { explainNoOrigin, listOrigins, type Origin } from './origins.ts';
import { PassedOver } from './passed-over.ts';
import { findInstalled } from './sources/find-installed.ts';
import type {
  Component,
  ComponentLock,
  ComponentName,
  EnsureOptions,
  LockedComponent,
  SourceName,
} from './types.ts';
import { withLock } from './with-lock.ts';

const allSources = ['bundle', 'installed', 'vendor', 'registry'] as const;

type Request = { name: ComponentName; pinned: LockedComponent; options: EnsureOptions };

/**
 * Gives a component that runs: out of the cache, or else from the first source that has it. Throws
 * with every source's reason when none has.
 */
export async function ensureLocked(
  lock: ComponentLock,
  name: ComponentName,
  options: EnsureOptions,
): Promise<Component> {
  const request = { name, pinned: lock[name], options };
  const sources = allSources.filter((source) => options.sources?.includes(source) ?? true);
  const cached = await findAnyCached(request, sources);
  if (cached) return cached;

  await mkdir(path.join(options.cacheDir, 'components'), { recursive: true });
  await chmod(path.join(options.cacheDir, 'components'), 0o755);
  const { report, signal } = options;
  const onWait = (pid: number) =>
    report({ kind: 'step', text: `${name}: process ${pid} is fetching it, waiting` });
  const lockDir = path.join(options.cacheDir, 'components', `.lock-${name}`);
  return withLock(lockDir, { onWait, signal }, async () => {
    // Whoever held the lock before may have brought it.
    return (await findAnyCached(request, sources)) ?? (await bringFirst(request, sources));
  });
}

async function findAnyCached(
  request: Request,
  sources: readonly SourceName[],
): Promise<Component | undefined> {
  const { name, pinned, options } = request;
  for (const source of sources) {
    for (const { sha256 } of await listOrigins(source, request)) {
      const key = { cacheDir: options.cacheDir, name, version: pinned.version, sha256 };
      const cached = await findCached(key);
      if (cached) return cached;
    }
  }
  return undefined;
}

async function bringFirst(request: Request, sources: readonly SourceName[]): Promise<Component> {
  const { name, pinned, options } = request;
  const reasons: string[] = [];
  for (const source of sources) {
    try {
      return source === 'installed'
        ? await findInstalled(name, pinned.version, options.env)
        : await bringFrom(source, request);
    } catch (error) {
      options.signal?.throwIfAborted();
      const reason = `${source}: ${messageOf(error)}`;
      reasons.push(reason);
      const kind = error instanceof PassedOver ? 'step' : 'warn';
      options.report({ kind, text: `${name}: passed over ${reason}` });
    }
  }
  throw new Error(
    `${name} ${pinned.version} could not be had.\n  ${reasons.join('\n  ')}\n` +
      'Give a bundle that carries it, or mend one of these sources and run this again.',
  );
}

async function bringFrom(
  source: Exclude<SourceName, 'installed'>,
  request: Request,
): Promise<Component> {
  const origins = await listOrigins(source, request);
  let last: unknown = new PassedOver(explainNoOrigin(source, request.pinned));
  for (const origin of origins) {
    try {
      return { ...(await placeTree(origin, request)), source };
    } catch (error) {
      // A bundle may hold any one of several files; only a file that is there can be at fault.
      if (!(error instanceof PassedOver)) throw error;
      last = error;
    }
  }
  throw last;
}

/** Works in a folder beside the place, which then appears by one rename: complete or absent. */
async function placeTree({ sha256, bring }: Origin, request: Request): Promise<Component> {
  const { name, pinned, options } = request;
  const key = { cacheDir: options.cacheDir, name, version: pinned.version, sha256 };
  const components = path.join(options.cacheDir, 'components');
  await removeLeftovers(components, `.work-${name}.`);
  const workDir = await mkdtemp(path.join(components, `.work-${name}.`));
  try {
    const tree = await bring(workDir);
    await finishTree(name, pinned.version, tree);
    await makeReadable(tree);
    // Nothing, or what no longer counts as cached.
    await rm(cachedDir(key), { recursive: true, force: true });
    await rename(tree, cachedDir(key));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return (await findCached(key)) as Component;
}

/** What a killed run left: nobody works here now, for we hold the lock. */
async function removeLeftovers(components: string, prefix: string): Promise<void> {
  for (const entry of await readdir(components)) {
    if (entry.startsWith(prefix)) await rm(path.join(components, entry), { recursive: true });
  }
}
