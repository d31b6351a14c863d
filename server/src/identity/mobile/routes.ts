import { z } from 'zod';
import { empty, endpoint, json, openToAll, type Endpoint } from '../../platform/index.ts';
import { email, time } from '../account-schema.ts';
import { signOut } from '../end-session.ts';
import {
  challengeSchema,
  codeAnswerSchema,
  presentChallenge,
  tokenSchema,
} from '../factors/schema.ts';
import { sendChallengeCode } from '../factors/phones/answer-by-sms.ts';
import { boundToken } from '../factors/challenge.ts';
import type { IdentityParts } from '../parts.ts';
import { passwordSchema } from '../password-policy.ts';
import { refreshSession } from '../refresh-session.ts';
import { sessionSchema } from '../session-schema.ts';
import { answerOnMobile, codeChallengeOf, signInOnMobile } from './mobile-session.ts';
import { refuseBrowser } from './refuse-browser.ts';

const mobileSession = sessionSchema.extend({ refreshToken: z.string() });
const refreshToken = z.string().regex(/^[\w-]{43}$/, 'is no refresh token');
const device = z.string().trim().min(1).max(60);
/** RFC 7636, 4.1 and 4.2. */
const codeVerifier = z.string().regex(/^[\w.~-]{43,128}$/, 'is no code verifier');
const codeChallenge = z.string().regex(/^[\w-]{43}$/, 'is no SHA-256 in base64url');

/** For clients without cookies (docs/mobile-clients.md). No answer of these is for a browser. */
export function mobileRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/mobile/session',
      summary: 'Sign in on a phone; who has a second factor gets a challenge for it',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ email, password: passwordSchema, device, codeChallenge }) },
      output: json(z.union([mobileSession, challengeSchema]), 201),
      audit: ['session.start', 'session.lock'],
      run: async (ctx, { body }, { request }) => {
        refuseBrowser(request);
        const outcome = await signInOnMobile(ctx, parts, body);
        return 'challenge' in outcome ? presentChallenge(outcome) : outcome;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/mobile/session/factor',
      summary: 'The second step of signing in on a phone: answer the challenge',
      guard: openToAll,
      limit: 'sign-in',
      input: {
        body: z.strictObject({
          challenge: tokenSchema,
          codeVerifier,
          answer: codeAnswerSchema,
          device,
        }),
      },
      output: json(mobileSession, 201),
      audit: ['session.start', 'factor.verify', 'factor.challenge_end', 'factor.lock'],
      run: (ctx, { body }, { request }) => {
        refuseBrowser(request);
        return answerOnMobile(ctx, parts, body);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/mobile/session/sms',
      summary: 'Have a code sent to the phone of whoever is signing in on one',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ challenge: tokenSchema, codeVerifier }) },
      output: json(z.object({ expiresAt: time }), 202),
      audit: ['factor.send_code', 'factor.send_limit'],
      run: (ctx, { body }, { request }) => {
        refuseBrowser(request);
        const token = boundToken(body.challenge, codeChallengeOf(body.codeVerifier));
        return sendChallengeCode(ctx, parts, { token, purpose: 'mobile', sessionId: null });
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/mobile/session/refresh',
      summary: 'Rotate the refresh token of a phone and get a new access token',
      guard: openToAll,
      limit: 'mobile-refresh',
      input: { body: z.strictObject({ refreshToken }) },
      output: json(mobileSession),
      audit: ['session.end_all'],
      run: async (ctx, { body }, { request }) => {
        refuseBrowser(request);
        const token = { token: body.refreshToken, client: 'mobile' } as const;
        const { view, refreshToken: next } = await refreshSession(ctx, parts, token);
        return { ...view, refreshToken: next };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/mobile/session/end',
      summary: 'Sign out on a phone',
      guard: openToAll,
      limit: 'mobile-refresh',
      input: { body: z.strictObject({ refreshToken }) },
      output: empty,
      audit: ['session.end'],
      run: async (ctx, { body }, { request }) => {
        refuseBrowser(request);
        await signOut(ctx, parts, { token: body.refreshToken, client: 'mobile' });
      },
    }),
  ];
}
