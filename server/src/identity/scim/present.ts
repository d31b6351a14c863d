import { ownOrigins, type RequestContext } from '../../platform/index.ts';
import type { Json } from './match-filter.ts';
import type { DirectoryRow } from './repo.ts';
import type { ScimGroup } from './scim-groups.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './user-schema.ts';

export type Entry = { value: string; display: string };

/** Where a tenant's directory speaks to this server. */
export function baseUrl({ platform: { config } }: RequestContext, tenantId: string): string {
  return `${ownOrigins(config)[0]}/scim/v2/${tenantId}`;
}

export function presentUser(
  ctx: RequestContext,
  row: DirectoryRow,
  groups: readonly Entry[],
): Json {
  const { id, tenantId, userName, externalId, attributes, active } = row;
  const base = baseUrl(ctx, tenantId);
  return {
    schemas: [USER_SCHEMA],
    id,
    ...(externalId === null ? {} : { externalId }),
    userName,
    ...attributes,
    active,
    groups: groups.map((one) => ({ ...one, $ref: `${base}/Groups/${one.value}`, type: 'direct' })),
    meta: metaOf('User', row, `${base}/Users/${id}`),
  };
}

export function presentGroup(
  ctx: RequestContext,
  group: ScimGroup,
  names: ReadonlyMap<string, string>,
): Json {
  const { id, tenantId, name, externalId, users } = group;
  const base = baseUrl(ctx, tenantId);
  return {
    schemas: [GROUP_SCHEMA],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName: name,
    members: users.map((value) => ({
      value,
      $ref: `${base}/Users/${value}`,
      type: 'User',
      display: names.get(value) ?? '',
    })),
    meta: metaOf('Group', group, `${base}/Groups/${id}`),
  };
}

export function versionTag({ version }: { version: number }): string {
  return `W/"${version}"`;
}

type Dated = { createdAt: Date; updatedAt: Date; version: number };

function metaOf(resourceType: string, row: Dated, location: string): Json {
  return {
    resourceType,
    created: row.createdAt.toISOString(),
    lastModified: row.updatedAt.toISOString(),
    version: versionTag(row),
    location,
  };
}
