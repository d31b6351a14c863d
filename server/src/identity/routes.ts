import { z } from 'zod';
import {
  AppError,
  beforeFactor,
  empty,
  endpoint,
  json,
  openToAll,
  type Endpoint,
} from '../platform/index.ts';
import { rememberDevice } from './device-cookie.ts';
import { signOut } from './end-session.ts';
import { mobileRoutes } from './mobile/routes.ts';
import { factorRoutes } from './factors/routes.ts';
import { challengeSchema, presentChallenge } from './factors/schema.ts';
import type { IdentityParts } from './parts.ts';
import { passwordSchema } from './password-policy.ts';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts';
import { refreshSession } from './refresh-session.ts';
import { listOwnTenants } from './list-own-tenants.ts';
import { findSessionState } from './repo.ts';
import { trustedSession } from './rights/trusted.ts';
import {
  accountSchema,
  deviceOf,
  secondFactorSchema,
  sessionSchema,
  tenantsSchema,
} from './session-schema.ts';
import { signIn } from './sign-in.ts';
import { readSetupLink, useSetupLink } from './spend-setup-link.ts';

const email = z.email('must be an e-mail address').max(254);
const linkToken = z.string().regex(/^[\w-]{43}$/, 'is no set-up token');

export function identityRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    ...factorRoutes(parts),
    ...mobileRoutes(parts),
    endpoint({
      method: 'get',
      path: '/api/setup/:token',
      summary: 'What a one-time set-up link is for',
      guard: openToAll,
      limit: 'anonymous',
      input: { params: z.strictObject({ token: linkToken }) },
      output: json(
        z.object({
          kind: z.enum(['first_admin', 'invitation']),
          email: z.string().nullable(),
          expiresAt: z.iso.datetime(),
        }),
      ),
      audit: null,
      run: async (ctx, { params }) => {
        const link = await readSetupLink(ctx, params.token);
        return { ...link, expiresAt: link.expiresAt.toISOString() };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/setup',
      summary: 'Spend a set-up link: make the administrator and sign in',
      guard: openToAll,
      limit: 'registration',
      input: {
        body: z.strictObject({
          token: linkToken,
          email,
          name: z.string().trim().min(1).max(120),
          password: passwordSchema,
        }),
      },
      output: json(sessionSchema, 201),
      audit: ['account.create', 'session.start'],
      run: async (ctx, { body }, { request, response }) => {
        const { view, refreshToken } = await useSetupLink(ctx, parts, body);
        setRefreshCookie(response, refreshToken);
        rememberDevice(request, response, deviceOf(ctx, body.email));
        return view;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session',
      summary: 'Sign in with e-mail and password; who has a second factor gets a challenge for it',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ email, password: passwordSchema }) },
      output: json(z.union([sessionSchema, challengeSchema]), 201),
      audit: ['session.start', 'session.lock'],
      run: async (ctx, { body }, { request, response }) => {
        const outcome = await signIn(ctx, parts, body);
        if ('challenge' in outcome) return presentChallenge(outcome);
        const { view, refreshToken } = outcome;
        setRefreshCookie(response, refreshToken);
        rememberDevice(request, response, deviceOf(ctx, body.email));
        return view;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session/refresh',
      summary: 'Rotate the refresh cookie and get a new access token',
      guard: openToAll,
      limit: 'refresh',
      input: {},
      output: json(sessionSchema),
      audit: ['session.end_all'],
      run: async (ctx, _input, { request, response }) => {
        const token = readRefreshCookie(request, ctx.platform.config);
        const { view, refreshToken } = await refreshSession(ctx, parts, {
          token,
          client: 'browser',
        });
        setRefreshCookie(response, refreshToken);
        return view;
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/session',
      summary: 'Sign out',
      guard: openToAll,
      limit: 'refresh',
      input: {},
      output: empty,
      audit: ['session.end'],
      run: async (ctx, _input, { request, response }) => {
        const token = readRefreshCookie(request, ctx.platform.config);
        clearRefreshCookie(response);
        await signOut(ctx, parts, { token, client: 'browser' });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/me',
      summary: 'The signed-in account and its tenants',
      guard: beforeFactor,
      limit: 'account',
      input: {},
      output: json(
        z.object({
          account: accountSchema,
          tenants: tenantsSchema,
          secondFactor: secondFactorSchema,
        }),
      ),
      audit: null,
      run: async (ctx) => {
        const { sessionId } = ctx.actor;
        return ctx.inControl(async (tx) => {
          const state = await findSessionState(tx, sessionId ?? '');
          const found = trustedSession(parts.rights, state);
          // It ended since it was looked at.
          if (!found)
            throw new AppError('unauthenticated', 'This session has ended; sign in again');
          return {
            account: found,
            secondFactor: found.factor,
            tenants: await listOwnTenants(tx, parts, found),
          };
        });
      },
    }),
  ];
}
