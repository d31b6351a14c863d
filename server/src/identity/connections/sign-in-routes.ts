import type { Request } from 'express';
import { z } from 'zod';
import {
  AppError,
  authenticated,
  beforeFactor,
  empty,
  endpoint,
  json,
  openToAll,
  type Endpoint,
} from '../../platform/index.ts';
import { email, time } from '../account-schema.ts';
import { challengeSchema, presentChallenge } from '../factors/schema.ts';
import type { IdentityParts } from '../parts.ts';
import { setRefreshCookie } from '../refresh-cookie.ts';
import { sessionSchema } from '../session-schema.ts';
import { answerSignIn } from './answer-sign-in.ts';
import { beginSignIn, listWays } from './begin-sign-in.ts';
import { decisionView } from './connection-schema.ts';
import { findSignOutAddress } from './find-sign-out-address.ts';
import { holdBrowser, readBrowser } from './flows.ts';
import { listOwnIdentities, unlinkIdentity } from './link-identity.ts';
import { directoryRoutes } from './ldap/routes.ts';
import { hearLogout } from './oidc/back-channel.ts';
import { readForm } from './read-form.ts';
import { samlRoutes } from './saml/routes.ts';

/** An id that opens nothing by itself. */
const connection = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no connection');
const state = z.string().regex(/^[\w-]{43}$/, 'is no state');
const code = z.string().regex(/^[\x20-\x7e]{1,4000}$/, 'is no code');
const iss = z.string().max(500).optional();
const began = json(z.object({ url: z.string() }), 201);

const wayView = z.object({
  id: z.uuid(),
  name: z.string(),
  asks: z.enum(['provider', 'password']),
});

const testedSchema = z.object({
  tested: z.object({
    decision: decisionView,
    claims: z.record(z.string(), z.unknown()),
    factor: z.boolean(),
  }),
});
const linkedSchema = z.object({ linked: z.literal(true) });

/** Signing in at a provider, from the first page to the last word of it. */
export function singleSignOnRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/session/ways',
      summary: 'By which connections somebody with this e-mail domain may sign in',
      guard: openToAll,
      limit: 'anonymous',
      input: { body: z.strictObject({ email: email.nullable() }) },
      output: json(z.object({ ways: z.array(wayView) })),
      audit: null,
      run: async (ctx, { body }) => ({ ways: await listWays(ctx, body.email) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/session/sso',
      summary: 'Begin to sign in at a provider: gives the address to go to',
      guard: openToAll,
      limit: 'anonymous',
      input: { body: z.strictObject({ connection }) },
      output: began,
      audit: null,
      run: (ctx, { body }, { request, response }) =>
        beginSignIn(ctx, {
          connectionId: body.connection,
          browser: holdBrowser(request, response),
          purpose: 'sign-in',
        }),
    }),
    endpoint({
      method: 'post',
      path: '/api/session/sso/answer',
      summary: 'What the browser brought back from the provider: a session, or a challenge',
      guard: openToAll,
      limit: 'anonymous',
      input: { body: z.strictObject({ state, code, iss }) },
      output: json(z.union([sessionSchema, challengeSchema, testedSchema, linkedSchema]), 201),
      audit: ['session.start', 'directory.admit', 'account.create', 'external_identity.link'],
      run: async (ctx, { body }, { request, response }) => {
        const brought = { ...body, browser: readBrowser(request) };
        const outcome = await answerSignIn(ctx, parts, brought);
        switch (outcome.kind) {
          case 'session':
            setRefreshCookie(response, outcome.signedIn.refreshToken);
            return outcome.signedIn.view;
          case 'challenge':
            return presentChallenge(outcome.asked);
          case 'test':
            return { tested: outcome };
          default:
            return { linked: true };
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session/sso/back-channel',
      summary: 'A provider says that somebody has signed out there',
      guard: openToAll,
      limit: 'anonymous',
      input: {},
      body: 'raw',
      output: json(z.object({})),
      audit: ['session.end'],
      run: async (ctx, _input, { request }) => {
        await hearLogout(ctx, parts, await readLogoutToken(request));
        return {};
      },
    }),
    ...samlRoutes(parts),
    ...ownRoutes(parts),
    ...directoryRoutes(parts),
  ];
}

function ownRoutes(parts: IdentityParts): readonly Endpoint[] {
  const limit = 'account';
  return [
    endpoint({
      method: 'get',
      path: '/api/me/identities',
      summary: 'The connections by which one’s own account can sign in',
      guard: authenticated,
      limit,
      input: {},
      output: json(
        z.object({
          identities: z.array(
            z.object({
              connection: z.uuid(),
              name: z.string(),
              createdAt: time,
              lastUsedAt: time.nullable(),
            }),
          ),
          ways: z.array(wayView),
        }),
      ),
      audit: null,
      run: async (ctx) => ({
        identities: await listOwnIdentities(ctx),
        ways: await listWays(ctx, await ownEmail(parts, ctx.actor.sessionId)),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/identities',
      summary: 'Begin to connect one’s own account: gives the address to go to',
      guard: authenticated,
      limit,
      input: { body: z.strictObject({ connection }) },
      output: began,
      audit: null,
      run: (ctx, { body }, { request, response }) =>
        beginSignIn(ctx, {
          connectionId: body.connection,
          browser: holdBrowser(request, response),
          purpose: 'link',
        }),
    }),
    endpoint({
      method: 'delete',
      path: '/api/me/identities/:identity',
      summary: 'Take a connection from one’s own account',
      guard: authenticated,
      limit,
      input: { params: z.strictObject({ identity: connection }) },
      output: empty,
      audit: ['external_identity.unlink'],
      run: (ctx, { params }) => unlinkIdentity(ctx, parts, params.identity),
    }),
    endpoint({
      method: 'get',
      path: '/api/me/sign-out',
      summary: 'Where this session ends at its provider, too',
      guard: beforeFactor,
      limit,
      input: {},
      output: json(z.object({ url: z.string().nullable() })),
      audit: null,
      run: async (ctx) => ({ url: await findSignOutAddress(ctx, parts) }),
    }),
  ];
}

async function ownEmail(parts: IdentityParts, sessionId: string | null): Promise<string> {
  const state = await parts.sessions.get(sessionId ?? '');
  return state?.email ?? '';
}

const MOST_CHARACTERS = 16 * 1024;

/** `logout_token=…`, as a form (OpenID Connect Back-Channel Logout 1.0, 2.5). */
async function readLogoutToken(request: Request): Promise<string> {
  const form = await readForm(request, { most: MOST_CHARACTERS, what: 'a logout token' });
  const token = form('logout_token');
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    throw new AppError('invalid_input', 'Send a logout_token');
  return token;
}
