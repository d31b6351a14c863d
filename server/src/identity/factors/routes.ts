import { z } from 'zod';
import {
  beforeFactor,
  empty,
  endpoint,
  json,
  openToAll,
  ownOrigins,
  platformPermission,
  type Endpoint,
} from '../../platform/index.ts';
import { rememberDevice } from '../device-cookie.ts';
import type { IdentityParts } from '../parts.ts';
import { setRefreshCookie } from '../refresh-cookie.ts';
import { deviceOf, sessionSchema } from '../session-schema.ts';
import { beginTotp, confirmNewTotp } from './enrol-totp.ts';
import { listOwnFactors, removeOwnFactor, renewRecoveryCodes } from './own-factors.ts';
import { phoneRoutes } from './phones/routes.ts';
import { addPasskey, beginPasskey } from './passkeys/enrol-passkey.ts';
import { authenticationResponse, passkeyOptions, registrationResponse } from './passkeys/schema.ts';
import { makeResetLink, signInWithLink } from './reset-link.ts';
import { factorRuleRoutes } from './rule-routes.ts';
import {
  addedSchema,
  answerSchema,
  challengeSchema,
  factorId,
  factorName,
  ownFactorsSchema,
  presentChallenge,
  presentOwnFactors,
  tokenSchema,
  totpCode,
} from './schema.ts';
import { askForPasskey, signInWithFactor, signInWithPasskey } from './sign-in-with-factor.ts';
import { beginStepUp, stepUp } from './step-up.ts';

/** Second factors: showing one at sign-in and later, and looking after one's own. */
export function factorRoutes(parts: IdentityParts): readonly Endpoint[] {
  const own = { guard: beforeFactor, limit: 'account' } as const;
  // Wrong codes are counted by themselves (count-tries.ts).
  return [
    ...phoneRoutes(parts),
    ...factorRuleRoutes(parts),
    endpoint({
      method: 'post',
      path: '/api/session/factor',
      summary: 'The second step of signing in: answer the challenge',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ challenge: tokenSchema, answer: answerSchema }) },
      output: json(sessionSchema, 201),
      audit: ['session.start', 'factor.verify', 'factor.challenge_end', 'factor.lock'],
      run: async (ctx, { body }, { request, response }) => {
        const { view, refreshToken, email } = await signInWithFactor(ctx, parts, body);
        setRefreshCookie(response, refreshToken);
        rememberDevice(request, response, deviceOf(ctx, email));
        return view;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session/reset',
      summary: 'The second step of signing in by an administrator’s link: every factor goes',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ challenge: tokenSchema, link: tokenSchema }) },
      output: json(sessionSchema, 201),
      audit: ['session.start', 'factor.reset'],
      run: async (ctx, { body }, { request, response }) => {
        const { view, refreshToken, email } = await signInWithLink(ctx, parts, body);
        setRefreshCookie(response, refreshToken);
        rememberDevice(request, response, deviceOf(ctx, email));
        return view;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/factor-resets',
      summary: 'A one-time link for a person who has lost every second factor',
      guard: platformPermission('factors.reset'),
      stepUp: true,
      limit: 'account',
      input: { body: z.strictObject({ email: z.email().max(254) }) },
      output: json(z.object({ url: z.string(), expiresAt: z.iso.datetime() }), 201),
      audit: ['factor.reset_link'],
      run: async (ctx, { body }) => {
        const { token, expiresAt } = await makeResetLink(ctx, parts, body.email);
        const [origin] = ownOrigins(ctx.platform.config);
        return { url: `${origin}/sign-in#reset=${token}`, expiresAt: expiresAt.toISOString() };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session/passkey/challenge',
      summary: 'Ask for a passkey, without saying who one is',
      guard: openToAll,
      limit: 'anonymous',
      input: {},
      output: json(
        z.object({
          challenge: z.string(),
          expiresAt: z.iso.datetime(),
          options: passkeyOptions,
        }),
        201,
      ),
      audit: null,
      run: async (ctx) => {
        const { expiresAt, ...asked } = await askForPasskey(ctx);
        return { ...asked, expiresAt: expiresAt.toISOString() };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/session/passkey',
      summary: 'Sign in with a passkey alone',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ challenge: tokenSchema, response: authenticationResponse }) },
      output: json(sessionSchema, 201),
      audit: ['session.start', 'factor.cloned'],
      run: async (ctx, { body }, { request, response }) => {
        const { view, refreshToken, email } = await signInWithPasskey(ctx, parts, body);
        setRefreshCookie(response, refreshToken);
        rememberDevice(request, response, deviceOf(ctx, email));
        return view;
      },
    }),
    endpoint({
      ...own,
      method: 'get',
      path: '/api/me/factors',
      summary: 'One’s own second factors',
      input: {},
      output: json(ownFactorsSchema),
      audit: null,
      run: async (ctx) => presentOwnFactors(await listOwnFactors(ctx, parts)),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/factors/totp',
      summary: 'A new key for an authenticator app',
      input: { body: z.strictObject({ name: factorName }) },
      output: json(
        z.object({
          id: z.uuid(),
          secret: z.string(),
          uri: z.string(),
          qr: z.object({ size: z.int(), path: z.string() }),
        }),
        201,
      ),
      audit: null,
      run: (ctx, { body }) => beginTotp(ctx, parts, body.name),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/factors/totp/:factor/confirm',
      summary: 'Make a new authenticator app count, by a code of it',
      input: {
        params: z.strictObject({ factor: factorId }),
        body: z.strictObject({ code: totpCode }),
      },
      output: json(addedSchema),
      audit: ['factor.create', 'factor.lock'],
      run: (ctx, { params, body }) =>
        confirmNewTotp(ctx, parts, { id: params.factor, code: body.code }),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/factors/passkeys/challenge',
      summary: 'What the browser makes a passkey of',
      input: {},
      output: json(z.object({ challenge: z.string(), options: passkeyOptions }), 201),
      audit: null,
      run: (ctx) => beginPasskey(ctx, parts),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/factors/passkeys',
      summary: 'Take a new passkey',
      input: {
        body: z.strictObject({
          challenge: tokenSchema,
          name: factorName,
          response: registrationResponse,
        }),
      },
      output: json(addedSchema, 201),
      audit: ['factor.create'],
      run: (ctx, { body }) => addPasskey(ctx, parts, body),
    }),
    endpoint({
      ...own,
      method: 'delete',
      path: '/api/me/factors/:factor',
      summary: 'Remove a second factor',
      stepUp: true,
      input: { params: z.strictObject({ factor: factorId }) },
      output: empty,
      audit: ['factor.delete'],
      run: (ctx, { params }) => removeOwnFactor(ctx, parts, params.factor),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/recovery-codes',
      summary: 'Ten new recovery codes; the old ones end',
      stepUp: true,
      input: {},
      output: json(z.object({ recoveryCodes: z.array(z.string()) }), 201),
      audit: ['recovery_codes.create'],
      run: async (ctx) => ({ recoveryCodes: await renewRecoveryCodes(ctx, parts) }),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/step-up/challenge',
      summary: 'Ask for a second factor in a session that runs',
      input: {},
      output: json(challengeSchema, 201),
      audit: null,
      run: async (ctx) => presentChallenge(await beginStepUp(ctx, parts)),
    }),
    endpoint({
      ...own,
      method: 'post',
      path: '/api/me/step-up',
      summary: 'Show a second factor in a session that runs',
      input: { body: z.strictObject({ challenge: tokenSchema, answer: answerSchema }) },
      output: empty,
      audit: [
        'session.step_up',
        'factor.verify',
        'factor.challenge_end',
        'factor.lock',
        'session.end',
      ],
      run: (ctx, { body }) => stepUp(ctx, parts, body),
    }),
  ];
}
