import type { Platform, TenantScope } from '../../platform/index.ts';
import { claimRotation, endRewriting, noteProgress, type Rotation } from '../repo/rotations.ts';
import type { TenantKeys } from '../tenant-keys.ts';
import type { ColumnsOf } from './columns-of.ts';
import type { Door } from './owner-door.ts';
import { poll, type Keeper } from './poll.ts';
import { rewriteFields } from './rewrite-fields.ts';

type Options = {
  platform: Platform;
  tenantKeys: TenantKeys;
  openTenant: (tenantId: string) => Promise<TenantScope>;
  columnsOf: ColumnsOf;
  everyMs?: number;
};

const LEASE_SECONDS = 30;

/**
 * The server's part of a rotation: it alone has keys to open fields, and re-encrypts them beside
 * people's work. A process that dies leaves the pass to another, half a minute later.
 */
export function startRewriter(options: Options): Keeper {
  const { db, log } = options.platform;
  return poll(
    async (signal) => {
      const rotation = await db.inControl((tx) =>
        claimRotation(tx, { states: ['rewriting'], leaseSeconds: LEASE_SECONDS }),
      );
      if (rotation) await rewrite(options, rotation, signal);
      return rotation !== undefined;
    },
    {
      everyMs: options.everyMs ?? 2_000,
      failed: (error) => log.warn('fields could not be re-encrypted; trying again', { error }),
    },
  );
}

async function rewrite(options: Options, rotation: Rotation, signal: AbortSignal): Promise<void> {
  const { platform, tenantKeys, columnsOf } = options;
  const { id, tenantId } = rotation;
  const { db } = platform;
  const { finished, faults } = await rewriteFields({
    door: doorOf(options, tenantId),
    columns: columnsOf(rotation),
    openFields: async () => {
      if (tenantId === null) return tenantKeys.openRekeyer({ readControl: db.readControl, signal });
      const scope = await options.openTenant(tenantId);
      return tenantKeys.openRekeyer({
        tenantId,
        readTenant: (work) => db.readTenant(scope, work),
        signal,
      });
    },
    backfill: rotation.kind === 'backfill',
    progress: (done, total) =>
      db.inControl((tx) => noteProgress(tx, { id, done, total, leaseSeconds: LEASE_SECONDS })),
    signal,
  });
  if (!finished) return;
  const error = faults.length === 0 ? null : faults.join('; ');
  if (error !== null)
    platform.log.error('a rotation found damaged fields', { rotation: id, error });
  await db.inControl((tx) => endRewriting(tx, { id, error }));
}

/** Of a tenant's rows ids and ciphertext alone; of the platform's the server's own table. */
function doorOf({ platform, openTenant }: Options, tenantId: string | null): Door {
  const { db } = platform;
  // Rows that a closing tenant does not show must not count as rewritten.
  if (tenantId !== null)
    return async (work) =>
      db.inRekeyer({ ...(await openTenant(tenantId)), mustStayOpen: true }, work);
  return (work) =>
    db.inControl(async (tx) => {
      await tx.query('set local search_path = control, pg_catalog');
      return work(tx);
    });
}
