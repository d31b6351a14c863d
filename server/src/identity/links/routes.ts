import { z } from 'zod';
import { empty, endpoint, json, openToAll, type Endpoint } from '../../platform/index.ts';
import { email, invitationView, linkToken, personName, time } from '../account-schema.ts';
import { acceptAsNew, readInvitation } from '../invitations/accept-invitation.ts';
import type { IdentityParts } from '../parts.ts';
import { passwordSchema } from '../password-policy.ts';
import { readReset, requestReset, resetPassword } from '../passwords/reset-password.ts';

const withToken = z.strictObject({ token: linkToken });

/** What one-time links open. A token travels in a body alone: addresses end up in logs. */
export function linkRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/invitations/read',
      summary: 'What an invitation is for',
      guard: openToAll,
      limit: 'anonymous',
      input: { body: withToken },
      output: json(invitationView),
      audit: null,
      run: (ctx, { body: { token } }) => readInvitation(ctx, parts, token),
    }),
    endpoint({
      method: 'post',
      path: '/api/invitations/accept',
      summary: 'Accept an invitation: set a name and a password',
      guard: openToAll,
      limit: 'registration',
      input: { body: withToken.extend({ name: personName, password: passwordSchema }) },
      output: json(z.object({ email: z.string() }), 201),
      audit: ['account.create', 'membership.create', 'account.promote'],
      run: (ctx, { body }) => acceptAsNew(ctx, parts, body),
    }),
    endpoint({
      method: 'post',
      path: '/api/password/forgotten',
      summary: 'Ask for a link to set a new password; the answer is the same for every address',
      guard: openToAll,
      limit: 'password-reset',
      input: { body: z.strictObject({ email }) },
      output: json(z.object({ by: z.enum(['mail', 'administrator']) }), 202),
      audit: ['password.ask_reset'],
      run: async (ctx, { body }) => {
        await requestReset(ctx, parts, body.email);
        return { by: parts.relay ? 'mail' : 'administrator' };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/password/read',
      summary: 'Whether a link for a new password is still good',
      guard: openToAll,
      limit: 'anonymous',
      input: { body: withToken },
      output: json(z.object({ expiresAt: time })),
      audit: null,
      run: (ctx, { body: { token } }) => readReset(ctx, token),
    }),
    endpoint({
      method: 'post',
      path: '/api/password/reset',
      summary: 'Set a new password; all devices are signed out',
      guard: openToAll,
      limit: 'registration',
      input: { body: withToken.extend({ password: passwordSchema }) },
      output: empty,
      audit: ['password.reset'],
      run: (ctx, { body }) => resetPassword(ctx, parts, body),
    }),
  ];
}
