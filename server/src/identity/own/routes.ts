import { z } from 'zod';
import { authenticated, empty, endpoint, json, type Endpoint } from '../../platform/index.ts';
import { device, email, linkToken, personName } from '../account-schema.ts';
import { acceptAsMember } from '../invitations/accept-invitation.ts';
import type { IdentityParts } from '../parts.ts';
import { passwordSchema } from '../password-policy.ts';
import { endDevice, endOtherDevices, listOwnDevices } from './devices.ts';
import { askForEmail, changeName, changePassword, takeEmail } from './own-account.ts';

const guard = authenticated;

/** What whoever is signed in changes of their own account. */
export function ownRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'put',
      path: '/api/me/password',
      summary: 'Change the password; other devices are signed out',
      guard,
      limit: 'account',
      input: { body: z.strictObject({ current: passwordSchema, password: passwordSchema }) },
      output: empty,
      audit: ['password.change', 'password.confirm'],
      run: (ctx, { body }) => changePassword(ctx, parts, body),
    }),
    endpoint({
      method: 'patch',
      path: '/api/me',
      summary: 'Change the name that others see',
      guard,
      limit: 'account',
      input: { body: z.strictObject({ name: personName }) },
      output: empty,
      audit: ['account.rename'],
      run: (ctx, { body: { name } }) => changeName(ctx, parts, name),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/email',
      summary: 'Ask for another address; it counts once it is confirmed',
      guard,
      limit: 'account',
      input: { body: z.strictObject({ email, current: passwordSchema }) },
      output: empty,
      audit: ['account.ask_email', 'password.confirm'],
      run: (ctx, { body: { email: to, current } }) =>
        askForEmail(ctx, parts, { email: to, password: current }),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/email/confirm',
      summary: 'Confirm the new address with the link that it got',
      guard,
      limit: 'account',
      input: { body: z.strictObject({ token: linkToken }) },
      output: json(z.object({ email: z.string() })),
      audit: ['account.change_email'],
      run: (ctx, { body: { token } }) => takeEmail(ctx, parts, token),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/invitations',
      summary: 'Accept an invitation with the account that one has',
      guard,
      limit: 'account',
      input: { body: z.strictObject({ token: linkToken }) },
      output: json(z.object({ tenantId: z.uuid().nullable() })),
      audit: ['membership.create', 'account.promote'],
      run: (ctx, { body: { token } }) => acceptAsMember(ctx, parts, token),
    }),
    endpoint({
      method: 'get',
      path: '/api/me/sessions',
      summary: 'The devices on which one is signed in',
      guard,
      limit: 'account',
      input: {},
      output: json(z.object({ devices: z.array(device) })),
      audit: null,
      run: async (ctx) => ({ devices: await listOwnDevices(ctx) }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/me/sessions/:sessionId',
      summary: 'Sign one other device out',
      guard,
      limit: 'account',
      input: { params: z.strictObject({ sessionId: z.uuid() }) },
      output: empty,
      audit: ['session.end'],
      run: (ctx, { params: { sessionId } }) => endDevice(ctx, parts, sessionId),
    }),
    endpoint({
      method: 'delete',
      path: '/api/me/sessions',
      summary: 'Sign all other devices out',
      guard,
      limit: 'account',
      input: {},
      output: json(z.object({ ended: z.int() })),
      audit: ['session.end_all'],
      run: (ctx) => endOtherDevices(ctx),
    }),
  ];
}
