import {
  AppError,
  endpoint,
  json,
  platformPermission,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { findLastRun } from './repo.ts';
import { faultOfRun } from './fault-of-run.ts';
import { evidenceSchema, runStateSchema, trustPageSchema } from './schema.ts';
import { showControls } from './show-controls.ts';
import { verifyControls, type TrustParts } from './verify-controls.ts';

type PartsOf = (ctx: RequestContext) => TrustParts;

/** Routes of the trust page: for the platform's administrators alone (decision 0016). */
export function trustRoutes(partsOf: PartsOf): readonly Endpoint[] {
  const runs = backgroundRuns(partsOf);
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/trust',
      summary: 'Every control: how it is proven, its status, its evidence',
      guard: platformPermission('trust.read'),
      limit: 'account',
      input: {},
      output: json(trustPageSchema.extend(runStateSchema.shape)),
      audit: null,
      run: async (ctx) => {
        // Before the page is read: a run that ends meanwhile is never told with the page of the one before.
        const state = runs.state();
        return { ...(await showControls(ctx, partsOf(ctx))), ...state };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/trust/runs',
      summary: 'Begin to verify all controls; the page says when it has ended',
      guard: platformPermission('trust.verify'),
      limit: 'account',
      input: {},
      output: json(runStateSchema, 202),
      audit: ['trust.verify'],
      run: (ctx) => Promise.resolve(runs.begin(ctx)),
    }),
    endpoint({
      method: 'get',
      path: '/api/platform/trust/evidence',
      summary: 'The signed evidence of the last verification, to be kept or handed on',
      guard: platformPermission('trust.read'),
      limit: 'account',
      input: {},
      output: json(evidenceSchema),
      audit: null,
      run: async (ctx, _input, { response }) => {
        const evidence = await ctx.inControl(findLastRun);
        if (!evidence) throw new AppError('not_found', 'The controls were never verified yet');
        const fault = await faultOfRun(ctx, evidence);
        if (fault) throw new AppError('not_allowed_now', fault);
        const day = evidence.at.slice(0, 10);
        response.attachment(`casemate-evidence-${day}.json`);
        return evidence;
      },
    }),
  ];
}

type RunState = { running: boolean; failed: boolean };

/**
 * A verification takes longer than a request may: it goes on when whoever asked has gone. While one
 * runs, asking again begins no other.
 */
function backgroundRuns(partsOf: PartsOf): {
  begin(ctx: RequestContext): RunState;
  state(): RunState;
} {
  let running = false;
  let failed = false;
  return {
    state: () => ({ running, failed }),
    begin: (ctx) => {
      if (!running) {
        running = true;
        failed = false;
        verifyControls(outlivingRequest(ctx), partsOf(ctx), { ids: [], host: null })
          .catch((error: unknown) => {
            failed = true;
            ctx.log.error('the controls could not be verified', { error });
          })
          .finally(() => (running = false));
      }
      return { running, failed };
    },
  };
}

/** Who asked stays; the request's deadline and its client do not. */
function outlivingRequest(ctx: RequestContext): RequestContext {
  const { db } = ctx.platform;
  return {
    ...ctx,
    signal: new AbortController().signal,
    inControl: (work) => db.inControl(work),
  };
}
