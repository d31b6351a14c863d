import {
  AppError,
  endpoint,
  json,
  platformPermission,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { findLastRun } from './repo.ts';
import { evidenceSchema, trustPageSchema } from './schema.ts';
import { showControls } from './show-controls.ts';
import { verifyControls, type TrustParts } from './verify-controls.ts';

type PartsOf = (ctx: RequestContext) => TrustParts;

/** Routes of the trust page: for the platform's administrators alone (decision 0016). */
export function trustRoutes(partsOf: PartsOf): readonly Endpoint[] {
  const runAlone = oneAtATime((ctx: RequestContext) =>
    verifyControls(ctx, partsOf(ctx), { ids: [], host: null }),
  );
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/trust',
      summary: 'Every control: how it is proven, its status, its evidence',
      guard: platformPermission('trust.read'),
      limit: 'account',
      input: {},
      output: json(trustPageSchema),
      audit: null,
      run: (ctx) => showControls(ctx, partsOf(ctx)),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/trust/runs',
      summary: 'Verify all controls now',
      guard: platformPermission('trust.verify'),
      limit: 'account',
      input: {},
      output: json(trustPageSchema, 201),
      audit: ['trust.verify'],
      run: async (ctx) => {
        await runAlone(ctx);
        return showControls(ctx, partsOf(ctx));
      },
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
        const day = evidence.at.slice(0, 10);
        response.attachment(`casemate-evidence-${day}.json`);
        return evidence;
      },
    }),
  ];
}

/** Whoever asks while a verification runs waits for that one. */
function oneAtATime<T>(
  work: (ctx: RequestContext) => Promise<T>,
): (ctx: RequestContext) => Promise<T> {
  let running: Promise<T> | undefined;
  return (ctx) => {
    running ??= work(ctx).finally(() => (running = undefined));
    return running;
  };
}
