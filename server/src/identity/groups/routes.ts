import { z } from 'zod';
import {
  AppError,
  empty,
  endpoint,
  json,
  tenantPermission,
  type ControlTx,
  type Endpoint,
  type RequestContext,
} from '../../platform/index.ts';
import { group, groupWithMembers, level, tenantRole } from '../account-schema.ts';
import type { IdentityParts } from '../parts.ts';
import {
  changeMembers,
  createGroup,
  getGroup,
  removeGroup,
  updateGroup,
  type OfGroup,
} from './change-groups.ts';
import { listGroups, readGroup } from './list-groups.ts';
import { refuseGiving } from './refuse-giving.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofGroup = z.strictObject({ tenantId: z.uuid(), groupId: z.uuid() });
const ofMember = z.strictObject({ tenantId: z.uuid(), groupId: z.uuid(), accountId: z.uuid() });
const customRoles = z.array(z.uuid()).max(20);
const wished = z.strictObject({
  name: z.string().trim().min(1).max(120),
  role: tenantRole.nullable(),
  level: level.nullable().default(null),
  customRoles: customRoles.default([]),
});
const guard = tenantPermission('team.manage');
const limit = 'account';

/** The groups of a tenant, for its administrators; those of a directory are changed there. */
export function groupRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/groups',
      summary: 'The groups of a tenant, and what they give',
      guard,
      limit,
      input: { params: ofTenant },
      output: json(z.object({ groups: z.array(group) })),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => ({ groups: await listGroups(ctx, tenantId) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/groups',
      summary: 'Make a group',
      guard,
      limit,
      stepUp: true,
      input: { params: ofTenant, body: wished },
      output: json(groupWithMembers, 201),
      audit: ['group.create'],
      run: async (ctx, { params: { tenantId }, body }) => {
        const wish = { ...body, tenantId, source: 'local' as const, externalId: null };
        const made = await ctx.inControl(async (tx) => {
          await refuseGiving(tx, ctx, { parts, ...wish });
          return createGroup(tx, ctx, wish);
        });
        return readGroup(ctx, { tenantId, groupId: made.id });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/groups/:groupId',
      summary: 'A group with its members',
      guard,
      limit,
      input: { params: ofGroup },
      output: json(groupWithMembers),
      audit: null,
      run: (ctx, { params }) => readGroup(ctx, params),
    }),
    endpoint({
      method: 'patch',
      path: '/api/tenants/:tenantId/groups/:groupId',
      summary: 'Rename a group, or let it give another role, level or other custom roles',
      guard,
      limit,
      stepUp: true,
      input: {
        params: ofGroup,
        body: wished.extend({ level: level.nullable(), customRoles }).partial(),
      },
      output: empty,
      audit: ['group.update', 'membership.update'],
      run: (ctx, { params, body }) =>
        ctx.inControl(async (tx) => {
          if (body.name !== undefined) await refuseDirectory(tx, ctx, params);
          const to = withoutGaps(body);
          const { tenantId } = params;
          await refuseGiving(tx, ctx, { parts, tenantId, ...to });
          await updateGroup(tx, ctx, { parts, ...params, to });
        }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/groups/:groupId',
      summary: 'Remove a group; its members keep what they have without it',
      guard,
      limit,
      stepUp: true,
      input: { params: ofGroup },
      output: empty,
      audit: ['group.remove', 'membership.update'],
      run: (ctx, { params }) => ctx.inControl((tx) => removeGroup(tx, ctx, { parts, ...params })),
    }),
    ...memberRoutes(parts),
  ];
}

function memberRoutes(parts: IdentityParts): readonly Endpoint[] {
  const change = (
    ctx: RequestContext,
    { accountId, ...of }: OfGroup & { accountId: string },
    verb: 'add' | 'remove',
  ): Promise<void> =>
    ctx.inControl(async (tx) => {
      await refuseDirectory(tx, ctx, of);
      await changeMembers(tx, ctx, { parts, ...of, change: { [verb]: [accountId] } });
    });
  return [
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/groups/:groupId/members/:accountId',
      summary: 'Put a member of the tenant into a group',
      guard,
      limit,
      stepUp: true,
      input: { params: ofMember },
      output: empty,
      audit: ['group.members', 'membership.update'],
      run: (ctx, { params }) => change(ctx, params, 'add'),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/groups/:groupId/members/:accountId',
      summary: 'Take somebody out of a group',
      guard,
      limit,
      stepUp: true,
      input: { params: ofMember },
      output: empty,
      audit: ['group.members', 'membership.update'],
      run: (ctx, { params }) => change(ctx, params, 'remove'),
    }),
  ];
}

async function refuseDirectory(tx: ControlTx, ctx: RequestContext, of: OfGroup): Promise<void> {
  const { source } = await getGroup(tx, ctx, of);
  if (source !== 'local')
    throw new AppError(
      'not_allowed_now',
      'This group comes from your directory: change its name and members there',
    );
}

type Gapless<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutGaps<T extends object>(body: T): Gapless<T> {
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined),
  ) as Gapless<T>;
}
