import { z } from 'zod';
import {
  endpoint,
  tenantPermission,
  written,
  type Endpoint,
  type Io,
  type RequestContext,
} from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { readBody, send, sendResource } from './answer.ts';
import { openDirectory } from './directory-people.ts';
import { listScimGroups, namesOf } from './list-resources.ts';
import { applyPatch, readPatch } from './patch.ts';
import { presentGroup } from './present.ts';
import { listQuery, oneQuery } from './query-resources.ts';
import { listUserRows } from './repo.ts';
import {
  changeScimGroup,
  createScimGroup,
  deleteScimGroup,
  getScimGroup,
  readLinks,
  type ScimGroup,
} from './scim-groups.ts';
import { GROUP_SHAPE, readGroup, type GroupInput } from './user-schema.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofGroup = z.strictObject({ tenantId: z.uuid(), directoryGroupId: z.uuid() });
const guard = tenantPermission('directory.provision');
const limit = 'account';
const output = written('application/scim+json', 'A group (RFC 7643, 4.2)');
type Of = z.output<typeof ofGroup>;

/** SCIM: /Groups. Which role a group gives is said by the tenant's administrators, never here. */
export function groupRoutes(parts: IdentityParts): readonly Endpoint[] {
  const change = async (
    { ctx, of, io, query }: Asked & { of: Of },
    to: (group: ScimGroup) => GroupInput,
  ): Promise<void> => {
    const ifMatch = io.request.headers['if-match'] ?? null;
    const { tenantId, directoryGroupId: id } = of;
    const group = await changeScimGroup(ctx, { parts, tenantId, id, ifMatch, to });
    await answer({ ctx, io, query }, group);
  };
  return [
    endpoint({
      method: 'get',
      path: '/scim/v2/:tenantId/Groups',
      summary: 'SCIM: the groups of the directory',
      guard,
      limit,
      input: { params: ofTenant, query: listQuery },
      output,
      audit: null,
      run: async (ctx, { params: { tenantId }, query }, io) =>
        send(io, { body: await listScimGroups(ctx, tenantId, query) }),
    }),
    endpoint({
      method: 'post',
      path: '/scim/v2/:tenantId/Groups',
      summary: 'SCIM: a group comes; it gives no role before an administrator says so',
      guard,
      limit,
      stepUp: true,
      input: { params: ofTenant, query: oneQuery },
      body: 'raw',
      output,
      audit: ['group.create', 'group.members'],
      run: async (ctx, { params: { tenantId }, query }, io) => {
        const sent = readGroup(await readBody(io));
        await answer(
          { ctx, io, query },
          await createScimGroup(ctx, parts, { tenantId, sent }),
          201,
        );
      },
    }),
    endpoint({
      method: 'get',
      path: '/scim/v2/:tenantId/Groups/:directoryGroupId',
      summary: 'SCIM: a group of the directory',
      guard,
      limit,
      input: { params: ofGroup, query: oneQuery },
      output,
      audit: null,
      run: async (ctx, { params: { tenantId, directoryGroupId: id }, query }, io) => {
        const group = await ctx.inControl(async (tx) => {
          const links = await readLinks(tx, ctx, tenantId);
          return getScimGroup(tx, ctx, { tenantId, id, links });
        });
        await answer({ ctx, io, query }, group);
      },
    }),
    endpoint({
      method: 'put',
      path: '/scim/v2/:tenantId/Groups/:directoryGroupId',
      summary: 'SCIM: a group as the directory has it now',
      guard,
      limit,
      stepUp: true,
      input: { params: ofGroup, query: oneQuery },
      body: 'raw',
      output,
      audit: ['group.update', 'group.members', 'membership.update'],
      run: async (ctx, { params: of, query }, io) => {
        const sent = readGroup(await readBody(io));
        await change({ ctx, of, io, query }, () => sent);
      },
    }),
    endpoint({
      method: 'patch',
      path: '/scim/v2/:tenantId/Groups/:directoryGroupId',
      summary: 'SCIM: some of what the directory has of a group',
      guard,
      limit,
      stepUp: true,
      input: { params: ofGroup, query: oneQuery },
      body: 'raw',
      output,
      audit: ['group.update', 'group.members', 'membership.update'],
      run: async (ctx, { params: of, query }, io) => {
        const operations = readPatch(await readBody(io));
        await change({ ctx, of, io, query }, ({ name, externalId, users }) => {
          const members = users.map((value) => ({ value }));
          const now = { displayName: name, externalId, members };
          return readGroup(applyPatch(now, operations, GROUP_SHAPE));
        });
      },
    }),
    endpoint({
      method: 'delete',
      path: '/scim/v2/:tenantId/Groups/:directoryGroupId',
      summary: 'SCIM: a group is gone, and the role with it that it gave',
      guard,
      limit,
      stepUp: true,
      input: { params: ofGroup },
      output,
      audit: ['group.remove', 'membership.update'],
      run: async (ctx, { params: { tenantId, directoryGroupId: id } }, io) => {
        const ifMatch = io.request.headers['if-match'] ?? null;
        await deleteScimGroup(ctx, { parts, tenantId, id, ifMatch });
        send(io, { status: 204 });
      },
    }),
  ];
}

type Asked = { ctx: RequestContext; io: Io; query: z.output<typeof oneQuery> };

async function answer(
  { ctx, io, query }: Asked,
  group: ScimGroup,
  status: 200 | 201 = 200,
): Promise<void> {
  const { tenantId } = group;
  const keys = await openDirectory(ctx);
  const people = await ctx.inControl((tx) => listUserRows(tx, keys, { tenantId }));
  const body = presentGroup(ctx, group, namesOf(people));
  sendResource(io, { body, version: group.version, query, status });
}
