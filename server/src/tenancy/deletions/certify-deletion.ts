import { z } from 'zod';
import { AppError, readBackupStatus, type RequestContext } from '../../platform/index.ts';
import { findDeletedTenant, listDeletedTenants, type DeletedTenant } from '../repo/deletions.ts';
import { copiesOf } from './copies-of.ts';

const time = z.iso.datetime();

const copies = z.object({
  keysUntil: time,
  dataUntil: time,
  keysGone: z.boolean(),
  dataGone: z.boolean(),
});

export const deletionSchema = z.object({
  tenantId: z.uuid(),
  name: z.string(),
  deletedAt: time,
  /** Its place in the ledger of deletions. */
  entry: z.number().int(),
  /** False while its key, schema and role are being destroyed. */
  removed: z.boolean(),
  /** Null where no backups are planned: none is known to hold a copy. */
  copies: copies.nullable(),
});

/** What the appliance states of a deletion, and signs. */
export const statementSchema = deletionSchema.extend({
  issuedAt: time,
  /** Of the entry, and through it of all before; every restore replays the ledger. */
  entryHash: z.string(),
  /** The date on which the last copy dies; null where no backups are planned. */
  lastCopyDies: time.nullable(),
});

export const certificateSchema = statementSchema.extend({
  type: z.string(),
  signature: z.object({ algorithm: z.literal('Ed25519'), key: z.string(), value: z.string() }),
});

export type Deletion = z.output<typeof deletionSchema>;
export type DeletionStatement = z.output<typeof statementSchema>;
export type DeletionCertificate = z.output<typeof certificateSchema>;

/** Room `trust` signs; `app` hands it down. */
export type SignDeletion = (
  ctx: RequestContext,
  statement: DeletionStatement,
) => Promise<DeletionCertificate>;

const SHOWN = 200;

/** The last deleted tenants, and until when copies of them lie in the backups. */
export async function listDeletions(ctx: RequestContext): Promise<Deletion[]> {
  const status = await statusOf(ctx);
  const deleted = await ctx.inControl((tx) => listDeletedTenants(tx, SHOWN));
  return deleted.map((one) => present(one, status));
}

/** The signed statement for one of them, by its entry in the ledger, its id or its name. Throws not_found, and while it goes on. */
export async function certifyDeletion(
  ctx: RequestContext,
  which: string | number,
  sign: SignDeletion,
): Promise<DeletionCertificate> {
  const deleted = await ctx.inControl((tx) => findDeletedTenant(tx, which));
  if (!deleted) throw new AppError('not_found', `No tenant was deleted as ${which}`);
  if (!deleted.removed)
    throw new AppError('not_allowed_now', 'The tenant is being deleted; ask again in a moment');
  const shown = present(deleted, await statusOf(ctx));
  return sign(ctx, {
    ...shown,
    issuedAt: ctx.clock.now().toISOString(),
    entryHash: deleted.hash,
    lastCopyDies: shown.copies?.dataUntil ?? null,
  });
}

function statusOf({ platform }: RequestContext): ReturnType<typeof readBackupStatus> {
  return readBackupStatus(platform.config.CASEMATE_BACKUP_STATUS_FILE);
}

function present(
  { tenantId, name, deletedAt, removed, seq }: DeletedTenant,
  status: Awaited<ReturnType<typeof readBackupStatus>>,
): Deletion {
  const found = copiesOf(deletedAt, status);
  const at = deletedAt.toISOString();
  return { tenantId, name, deletedAt: at, entry: seq, removed, copies: found };
}
