import { z } from 'zod';
import {
  beforeFactor,
  endpoint,
  json,
  openToAll,
  type Endpoint,
  type RequestContext,
} from '../../../platform/index.ts';
import { time } from '../../account-schema.ts';
import type { IdentityParts } from '../../parts.ts';
import { addedSchema, factorId, factorName, tokenSchema, totpCode } from '../schema.ts';
import { sendChallengeCode } from './answer-by-sms.ts';
import { beginPhone, confirmNewPhone } from './enrol-phone.ts';

const sent = z.object({ expiresAt: time });
const sending = ['factor.send_code', 'factor.send_limit'];

/** Codes to a phone: a new number, and a code for a challenge. */
export function phoneRoutes(parts: IdentityParts): readonly Endpoint[] {
  const sessionOf = ({ actor }: RequestContext): string | null => actor.sessionId;
  return [
    endpoint({
      method: 'post',
      path: '/api/session/factor/sms',
      summary: 'Have a code sent to the phone of whoever is signing in',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: z.strictObject({ challenge: tokenSchema }) },
      output: json(sent, 202),
      audit: sending,
      run: (ctx, { body: { challenge: token } }) =>
        sendChallengeCode(ctx, parts, { token, purpose: 'sign-in', sessionId: null }),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/step-up/sms',
      summary: 'Have a code sent to one’s phone, to show it in a session that runs',
      guard: beforeFactor,
      limit: 'second-factor',
      input: { body: z.strictObject({ challenge: tokenSchema }) },
      output: json(sent, 202),
      audit: sending,
      run: (ctx, { body: { challenge: token } }) =>
        sendChallengeCode(ctx, parts, { token, purpose: 'step-up', sessionId: sessionOf(ctx) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/factors/phone',
      summary: 'A new phone: sends it a code',
      guard: beforeFactor,
      limit: 'second-factor',
      input: {
        body: z.strictObject({ name: factorName, number: z.string().trim().min(5).max(30) }),
      },
      output: json(sent.extend({ id: z.uuid() }), 201),
      audit: sending,
      run: (ctx, { body }) => beginPhone(ctx, parts, body),
    }),
    endpoint({
      method: 'post',
      path: '/api/me/factors/phone/:factor/confirm',
      summary: 'Confirm a new phone with the code that it got',
      guard: beforeFactor,
      limit: 'account',
      input: {
        params: z.strictObject({ factor: factorId }),
        body: z.strictObject({ code: totpCode }),
      },
      output: json(addedSchema),
      audit: ['factor.create', 'factor.lock'],
      run: (ctx, { params, body }) =>
        confirmNewPhone(ctx, parts, { id: params.factor, code: body.code }),
    }),
  ];
}
