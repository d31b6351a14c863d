import { z } from 'zod';
import { empty, endpoint, json, tenantPermission, type Endpoint } from '../../platform/index.ts';
import {
  email,
  invited,
  level,
  openInvitation,
  teamMember,
  tenantRole,
} from '../account-schema.ts';
import { listOpenInvitations } from '../accounts/list-people.ts';
import { invite, resendInvitation, withdrawInvitation } from '../invitations/invite.ts';
import type { IdentityParts } from '../parts.ts';
import { changeMember, listTeam, removeMember } from './change-team.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofMember = z.strictObject({ tenantId: z.uuid(), accountId: z.uuid() });
const ofInvitation = z.strictObject({ tenantId: z.uuid(), invitationId: z.uuid() });
const memberWish = z.strictObject({
  role: tenantRole.optional(),
  level: level.nullable().optional(),
  customRoles: z.array(z.uuid()).max(20).optional(),
});
const guard = tenantPermission('team.manage');
const limit = 'account';

/** The people of a tenant, for its administrators. */
export function teamRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/team',
      summary: 'The members of a tenant and its open invitations',
      guard,
      limit,
      input: { params: ofTenant },
      output: json(
        z.object({
          members: z.array(teamMember),
          invitations: z.array(openInvitation),
          relay: z.boolean(),
        }),
      ),
      audit: null,
      run: async (ctx, { params: { tenantId } }) => ({
        members: await listTeam(ctx, parts, tenantId),
        invitations: await listOpenInvitations(ctx, tenantId),
        relay: parts.relay,
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/invitations',
      summary: 'Invite somebody by e-mail with a role',
      guard,
      limit,
      stepUp: true,
      input: { params: ofTenant, body: z.strictObject({ email, role: tenantRole }) },
      output: json(invited, 201),
      audit: ['invitation.create'],
      run: (ctx, { params: { tenantId }, body: { email: to, role } }) =>
        invite(ctx, parts, { email: to, to: { tenantId, role } }),
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/invitations/:invitationId/resend',
      summary: 'Send an invitation once more; its earlier links end',
      guard,
      limit,
      stepUp: true,
      input: { params: ofInvitation },
      output: json(invited),
      audit: ['invitation.resend'],
      run: (ctx, { params: { tenantId, invitationId } }) =>
        resendInvitation(ctx, parts, { id: invitationId, tenantId }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/invitations/:invitationId',
      summary: 'Withdraw an invitation',
      guard,
      limit,
      input: { params: ofInvitation },
      output: empty,
      audit: ['invitation.withdraw'],
      run: (ctx, { params: { tenantId, invitationId } }) =>
        withdrawInvitation(ctx, { id: invitationId, tenantId }),
    }),
    endpoint({
      method: 'patch',
      path: '/api/tenants/:tenantId/team/:accountId',
      summary: 'Give a member another role, access level, or other custom roles',
      guard,
      limit,
      stepUp: true,
      input: { params: ofMember, body: memberWish },
      output: empty,
      audit: ['membership.update'],
      run: (ctx, { params, body }) => changeMember(ctx, parts, { ...params, ...body }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/tenants/:tenantId/team/:accountId',
      summary: 'Take a member out of the tenant',
      guard,
      limit,
      stepUp: true,
      input: { params: ofMember },
      output: empty,
      audit: ['membership.remove'],
      run: (ctx, { params }) => removeMember(ctx, parts, params),
    }),
  ];
}
