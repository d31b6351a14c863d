import {
  AppError,
  wrappingVersion,
  type EncryptedColumn,
  type RequestContext,
  type TenantScope,
} from '../../platform/index.ts';
import { PLATFORM, platformKeyPlace, tenantKeyPlace } from '../key-places.ts';
import { listAllKeys, type DataKeyRow } from '../repo/data-keys.ts';
import { countByVersion } from '../repo/encrypted-rows.ts';
import { findOwner, listOwners, type OwnerRow } from '../repo/owners.ts';
import { listRotations, type Rotation } from '../repo/rotations.ts';
import type { ColumnsOf } from '../rotation/columns-of.ts';
import type { Door } from '../rotation/owner-door.ts';

/** What `app` hands down: how a tenant's transaction is opened, and the rooms' columns. */
export type InventoryParts = {
  scopeOf: (ctx: RequestContext, tenantId: string) => Promise<TenantScope>;
  columnsOf: ColumnsOf;
};

export type OwnerSummary = {
  owner: OwnerRow;
  /** Null while the tenant can't be opened: suspended, being built, or sealed by itself. */
  keys: DataKeyRow[] | null;
  latest: Rotation | undefined;
};

export type ColumnCount = {
  column: EncryptedColumn;
  rows: { version: number | null; rows: number }[];
};

export type OwnerDetail = OwnerSummary & {
  wrapping: { latest: number; oldestOpening: number; madeAt: Date | null } | null;
  columns: ColumnCount[] | null;
  rotations: Rotation[];
};

/** The platform first, then a page of the tenants; those whose name holds `search`. */
export async function listInventory(
  parts: InventoryParts,
  ctx: RequestContext,
  page: { search: string; after: string | null; limit: number },
): Promise<OwnerSummary[]> {
  const owners = await ctx.inControl((tx) => listOwners(tx, page));
  return Promise.all(owners.map((owner) => summarise(parts, ctx, owner)));
}

/** Throws not_found for an owner that isn't there. */
export async function getInventory(
  parts: InventoryParts,
  ctx: RequestContext,
  tenantId: string | null,
): Promise<OwnerDetail> {
  const owner = await ctx.inControl((tx) => findOwner(tx, tenantId));
  if (!owner) throw new AppError('not_found', 'No such owner of keys');
  const summary = await summarise(parts, ctx, owner);
  const rotations = await ctx.inControl((tx) => listRotations(tx, { tenantId, limit: 10 }));
  if (!summary.keys) return { ...summary, wrapping: null, columns: null, rotations };
  const place = tenantId === null ? platformKeyPlace : tenantKeyPlace(tenantId);
  const found = await ctx.platform.keys.find(place.key);
  return {
    ...summary,
    wrapping: found ? { ...found, madeAt: found.createdAt.get(found.latest) ?? null } : null,
    columns: await countColumns(parts, ctx, owner),
    rotations,
  };
}

/** Rows by version in every encrypted column of an owner, all of them. */
export async function countColumns(
  parts: InventoryParts,
  ctx: RequestContext,
  owner: Pick<OwnerRow, 'tenantId' | 'holdsSeal'>,
): Promise<ColumnCount[]> {
  const { rows: door } = await openDoors(parts, ctx, owner.tenantId);
  const counts: ColumnCount[] = [];
  for (const column of parts.columnsOf(owner))
    counts.push({ column, rows: await door((tx) => countByVersion(tx, column)) });
  return counts;
}

/** An owner's data keys, wrapped. */
export async function readKeys(
  parts: InventoryParts,
  ctx: RequestContext,
  tenantId: string | null,
): Promise<DataKeyRow[]> {
  const doors = await openDoors(parts, ctx, tenantId);
  return doors.keys(listAllKeys);
}

async function summarise(
  parts: InventoryParts,
  ctx: RequestContext,
  owner: OwnerRow,
): Promise<OwnerSummary> {
  const { tenantId } = owner;
  const [latest] = await ctx.inControl((tx) => listRotations(tx, { tenantId, limit: 1 }));
  if (owner.state !== 'active') return { owner, keys: null, latest };
  try {
    return { owner, keys: await readKeys(parts, ctx, tenantId), latest };
  } catch (error) {
    // Sealed by the tenant itself, or closed since the list was read.
    if (error instanceof AppError) return { owner, keys: null, latest };
    throw error;
  }
}

/** Two doors: to the wrapped keys as the tenant's role, to its rows as the rekeyer. */
async function openDoors(
  { scopeOf }: InventoryParts,
  ctx: RequestContext,
  tenantId: string | null,
): Promise<{ keys: Door; rows: Door }> {
  const { db } = ctx.platform;
  if (tenantId !== null) {
    const scope = await scopeOf(ctx, tenantId);
    return {
      keys: (work) => db.readTenant(scope, work),
      rows: (work) => db.inRekeyer(scope, work),
    };
  }
  const door: Door = (work) =>
    db.inControl(async (tx) => {
      await tx.query('set local search_path = control, pg_catalog');
      return work(tx);
    });
  return { keys: door, rows: door };
}

/** Under which version of the wrapping key the owner's current data key stands. */
export function currentWrapping(keys: readonly DataKeyRow[]): number | null {
  const current = keys.find(({ state }) => state === 'current');
  return current ? wrappingVersion(current.wrapped) : null;
}

export function ownerName(tenantId: string | null): string {
  return tenantId ?? PLATFORM;
}
