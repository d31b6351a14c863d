import { z } from 'zod';
import {
  empty,
  endpoint,
  json,
  platformPermission,
  type Endpoint,
  type RequestContext,
} from '../../platform/index.ts';
import { endLockout } from './end-lockout.ts';
import { readLimits } from './read-limits.ts';

const breaker = z.object({
  part: z.enum(['database', 'key-service', 'model-server']),
  state: z.enum(['closed', 'open', 'half_open']),
  failures: z.number(),
  retryAfterSeconds: z.number().nullable(),
  openedAt: z.iso.datetime().nullable(),
});
const limit = z.object({
  name: z.string(),
  of: z.string(),
  limit: z.number(),
  windowSeconds: z.number(),
  whenAway: z.enum(['alone', 'closed']),
});
const lockout = z.object({
  id: z.uuid(),
  of: z.enum(['pair', 'address', 'account', 'factor', 'recovery']),
  address: z.string().nullable(),
  email: z.string().nullable(),
  failures: z.number(),
  lockedAt: z.iso.datetime(),
  lockedUntil: z.iso.datetime(),
});
const load = z.object({
  inFlight: z.number(),
  delayMs: z.number(),
  shed: z.number(),
  waiting: z.number(),
});

/** What the server refuses at present, and why. */
export function limitRoutes(): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/limits',
      summary: 'Limits in force, lockouts, and the breakers and load of the answering process',
      guard: platformPermission('platform.read'),
      limit: 'account',
      input: {},
      output: json(
        z.object({
          limits: z.array(limit),
          lockouts: z.array(lockout),
          breakers: z.array(breaker),
          load,
        }),
      ),
      audit: null,
      run: async (ctx) => {
        const { shedding, control, tenants, view } = ctx.platform.resilience;
        const waiting = control.view().waiting + tenants.view().waiting;
        const breakers = Object.entries(view()).map(([part, { openForSeconds, ...state }]) => ({
          part,
          ...state,
          openedAt: openForSeconds === null ? null : secondsAgo(ctx, openForSeconds),
        }));
        return { ...(await readLimits(ctx)), breakers, load: { ...shedding.view(), waiting } };
      },
    }),
    endpoint({
      method: 'post',
      // The platform's, not a tenant's: an id that opens nothing to who may not use this route.
      path: '/api/platform/lockouts/:lockout/end',
      summary: 'End a lockout before its time',
      guard: platformPermission('lockouts.end'),
      stepUp: true,
      limit: 'account',
      input: {
        params: z.strictObject({
          lockout: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        }),
      },
      output: empty,
      audit: ['session.unlock'],
      run: async (ctx, { params }) => {
        await endLockout(ctx, params.lockout);
      },
    }),
  ];
}

function secondsAgo(ctx: RequestContext, seconds: number): string {
  return new Date(ctx.clock.now().getTime() - seconds * 1_000).toISOString();
}
