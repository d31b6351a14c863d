import { z } from 'zod';
import {
  currentWrapping,
  type ColumnCount,
  type OwnerDetail,
  type OwnerSummary,
} from './inventory/key-inventory.ts';
import type { DataKeyRow } from './repo/data-keys.ts';
import type { Rotation } from './repo/rotations.ts';

export const rotationKindSchema = z.enum(['wrapping', 'data', 'backfill']);

export const keyRotationSchema = z.object({
  id: z.uuid(),
  kind: rotationKindSchema,
  state: z.enum(['requested', 'prepared', 'rewriting', 'rewritten', 'done', 'failed']),
  fromVersion: z.int().nullable(),
  toVersion: z.int().nullable(),
  rowsDone: z.int(),
  rowsTotal: z.int().nullable(),
  error: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});

const dataKeySchema = z.object({
  version: z.int(),
  state: z.enum(['next', 'current', 'old', 'retired']),
  createdAt: z.iso.datetime(),
});

export const keyOwnerSchema = z.object({
  /** The tenant's id, or `platform`. */
  owner: z.string(),
  name: z.string(),
  state: z.string(),
  holdsSeal: z.boolean(),
  /** Null while the owner's keys can't be read: the tenant is closed, or has sealed itself. */
  keys: z.array(dataKeySchema).nullable(),
  wrappingVersion: z.int().nullable(),
  latestRotation: keyRotationSchema.nullable(),
});

export const keyOwnerDetailSchema = keyOwnerSchema.extend({
  wrapping: z
    .object({ latest: z.int(), oldestOpening: z.int(), madeAt: z.iso.datetime().nullable() })
    .nullable(),
  columns: z
    .array(
      z.object({
        table: z.string(),
        column: z.string(),
        tier: z.enum(['all', 'sealed']),
        /** Rows by version of the data key; version null is plain text. */
        rows: z.array(z.object({ version: z.int().nullable(), rows: z.int() })),
      }),
    )
    .nullable(),
  rotations: z.array(keyRotationSchema),
});

export function presentOwner({
  owner,
  keys,
  latest,
}: OwnerSummary): z.input<typeof keyOwnerSchema> {
  const { tenantId, name, state, holdsSeal } = owner;
  return {
    owner: tenantId ?? 'platform',
    name,
    state,
    holdsSeal,
    keys: keys?.map(presentKey) ?? null,
    wrappingVersion: keys && currentWrapping(keys),
    latestRotation: latest ? presentKeyRotation(latest) : null,
  };
}

export function presentOwnerDetail(detail: OwnerDetail): z.input<typeof keyOwnerDetailSchema> {
  const { wrapping, columns, rotations } = detail;
  return {
    ...presentOwner(detail),
    wrapping: wrapping && { ...wrapping, madeAt: wrapping.madeAt?.toISOString() ?? null },
    columns: columns?.map(presentColumn) ?? null,
    rotations: rotations.map(presentKeyRotation),
  };
}

export function presentKeyRotation(rotation: Rotation): z.input<typeof keyRotationSchema> {
  const { requestedAt, finishedAt } = rotation;
  return {
    ...rotation,
    requestedAt: requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

function presentKey({ version, state, createdAt }: DataKeyRow): z.input<typeof dataKeySchema> {
  return { version, state, createdAt: createdAt.toISOString() };
}

function presentColumn({ column, rows }: ColumnCount) {
  const { table, column: name, tier } = column;
  return { table, column: name, tier, rows };
}
