import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type Platform, type TenantScope } from '../../platform/index.ts';
import type { OpenTenant } from '../../tenancy/index.ts';
import { needsOriginal } from '../policy.ts';
import { findDocument } from '../repo/documents.ts';
import { uploadsFolder } from './upload-path.ts';

type Parts = { platform: Platform; openTenant: OpenTenant };

/** A younger file without a document may be an upload that is still coming in. */
const STILL_COMING_MS = 60_000;

/**
 * Removes originals that an interruption left behind (INP-05): those whose document is gone or was
 * read already, and folders of no tenant. To be run at start-up and now and then. Gives how many it removed.
 */
export async function sweepUploads(parts: Parts): Promise<number> {
  const { config, log } = parts.platform;
  const root = uploadsFolder(config.CASEMATE_DATA_DIR);
  let removed = 0;
  for (const folder of await list(root)) {
    const scope = await openFolder(parts, folder);
    if (scope === 'closed') continue;
    for (const name of await list(path.join(root, folder))) {
      const file = path.join(root, folder, name);
      if (!(await isLeftOver(parts, { scope, name, file }))) continue;
      await rm(file, { force: true, recursive: true });
      removed += 1;
    }
    // Not yet empty where an upload is still coming in.
    if (!scope) await rmdir(path.join(root, folder)).catch(() => undefined);
  }
  if (removed > 0) log.info('left-over uploads removed', { removed });
  return removed;
}

type Found = { scope: TenantScope | undefined; name: string; file: string };

async function isLeftOver({ platform }: Parts, { scope, name, file }: Found): Promise<boolean> {
  const known =
    scope && UUID.test(name)
      ? await platform.db.readTenant(scope, (tx) => findDocument(tx, name))
      : undefined;
  if (known) return !needsOriginal(known.state);
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs > STILL_COMING_MS;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The tenant of a folder; undefined when there is none, `closed` while it may not be read. */
async function openFolder(
  { openTenant }: Parts,
  folder: string,
): Promise<TenantScope | 'closed' | undefined> {
  const hex = /^tenant_([0-9a-f]{32})$/.exec(folder)?.[1];
  const id = hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (id === undefined) return undefined;
  try {
    return await openTenant(id, null);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    if (
      error instanceof AppError &&
      ['not_allowed_now', 'suspended', 'sealed'].includes(error.code)
    )
      return 'closed';
    throw error;
  }
}
