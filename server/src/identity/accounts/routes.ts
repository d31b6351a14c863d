import { z } from 'zod';
import { empty, endpoint, json, platformPermission, type Endpoint } from '../../platform/index.ts';
import { email, invited, openInvitation, person, resetLink } from '../account-schema.ts';
import { invite, resendInvitation, withdrawInvitation } from '../invitations/invite.ts';
import { requireTenant } from '../invitations/find-tenant-name.ts';
import type { IdentityParts } from '../parts.ts';
import { makeResetLink } from '../passwords/reset-password.ts';
import { deactivate, erase, reactivate, signOutAccount } from './change-state.ts';
import { listOpenInvitations, listPeople } from './list-people.ts';
import { makeEmailLink } from './make-email-link.ts';
import { sendReset } from './send-reset.ts';

const guard = platformPermission('accounts.manage');
const ofAccount = z.strictObject({ accountId: z.uuid() });
const ofInvitation = z.strictObject({ invitationId: z.uuid() });
const limit = 'account';

/** The accounts of the platform, for those who run it. */
export function accountRoutes(parts: IdentityParts): readonly Endpoint[] {
  const verb = (
    name: string,
    { summary, audit, ...fresh }: { summary: string; audit: readonly string[]; stepUp?: true },
    run: (ctx: Parameters<typeof erase>[0], accountId: string) => Promise<void>,
  ): Endpoint =>
    endpoint({
      method: 'post',
      path: `/api/platform/accounts/:accountId/${name}`,
      summary,
      guard,
      limit,
      ...fresh,
      input: { params: ofAccount },
      output: empty,
      audit,
      run: (ctx, { params: { accountId } }) => run(ctx, accountId),
    });
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/accounts',
      summary: 'List the accounts of the appliance by e-mail, a page at a time',
      guard: platformPermission('accounts.read'),
      limit,
      input: {
        query: z.strictObject({
          search: z.string().trim().max(120).default(''),
          after: z.string().max(254).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      output: json(z.object({ items: z.array(person), next: z.string().nullable() })),
      audit: null,
      run: (ctx, { query }) => listPeople(ctx, parts, query),
    }),
    endpoint({
      method: 'get',
      path: '/api/platform/invitations',
      summary: 'All open invitations, to tenants and to the platform',
      guard: platformPermission('accounts.read'),
      limit,
      input: {},
      output: json(z.object({ items: z.array(openInvitation), relay: z.boolean() })),
      audit: null,
      run: async (ctx) => ({ items: await listOpenInvitations(ctx, null), relay: parts.relay }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/invitations',
      summary: 'Invite somebody to run the platform, or as the first administrator of a tenant',
      guard,
      limit,
      stepUp: true,
      input: {
        body: z.strictObject({
          email,
          /** Without one: an administrator of the platform. */
          tenantId: z.uuid().nullable().default(null),
          role: z.literal('admin').default('admin'),
        }),
      },
      output: json(invited, 201),
      audit: ['invitation.create'],
      run: async (ctx, { body: { email: to, tenantId, role } }) => {
        if (tenantId === null)
          return invite(ctx, parts, { email: to, to: { tenantId, platformRole: 'super_admin' } });
        await requireTenant(ctx, tenantId);
        return invite(ctx, parts, { email: to, to: { tenantId, role }, byPlatform: true });
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/invitations/:invitationId/resend',
      summary: 'Send an invitation of the platform once more',
      guard,
      limit,
      stepUp: true,
      input: { params: ofInvitation },
      output: json(invited),
      audit: ['invitation.resend'],
      run: (ctx, { params: { invitationId } }) =>
        resendInvitation(ctx, parts, { id: invitationId, tenantId: 'any' }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/platform/invitations/:invitationId',
      summary: 'Withdraw an invitation',
      guard,
      limit,
      input: { params: ofInvitation },
      output: empty,
      audit: ['invitation.withdraw'],
      run: (ctx, { params: { invitationId } }) =>
        withdrawInvitation(ctx, { id: invitationId, tenantId: 'any' }),
    }),
    verb(
      'deactivate',
      {
        summary: 'Shut an account out at once, everywhere',
        audit: ['account.deactivate'],
        stepUp: true,
      },
      (ctx, accountId) => deactivate(ctx, parts, { accountId, by: 'platform' }),
    ),
    verb(
      'reactivate',
      {
        summary: 'Let a deactivated account in again',
        audit: ['account.reactivate'],
        stepUp: true,
      },
      (ctx, accountId) => reactivate(ctx, parts, accountId),
    ),
    verb(
      'sign-out',
      { summary: 'Sign an account out on all its devices', audit: ['session.end_all'] },
      signOutAccount,
    ),
    endpoint({
      method: 'post',
      path: '/api/platform/accounts/:accountId/reset',
      summary: 'Send a link for a new password; where there is no relay, get it to hand over',
      guard,
      limit,
      stepUp: true,
      input: { params: ofAccount },
      output: json(z.object({ link: resetLink.nullable() })),
      audit: ['password.make_reset_link', 'password.ask_reset'],
      run: async (ctx, { params: { accountId } }) => ({
        link: parts.relay
          ? await sendReset(ctx, parts, accountId)
          : await makeResetLink(ctx, parts, accountId),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/accounts/:accountId/email',
      summary: 'Where there is no relay: a link that makes the new address of a person count',
      guard,
      limit,
      stepUp: true,
      input: { params: ofAccount },
      output: json(resetLink.extend({ email: z.string() }), 201),
      audit: ['account.make_email_link'],
      run: (ctx, { params: { accountId } }) => makeEmailLink(ctx, parts, accountId),
    }),
    endpoint({
      method: 'delete',
      path: '/api/platform/accounts/:accountId',
      summary: 'Take the person out of a deactivated account for good',
      guard,
      limit,
      stepUp: true,
      input: { params: ofAccount },
      output: empty,
      audit: ['account.erase'],
      run: (ctx, { params: { accountId } }) => erase(ctx, accountId),
    }),
  ];
}
