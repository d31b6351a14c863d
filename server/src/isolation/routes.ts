import { z } from 'zod';
import {
  endpoint,
  json,
  platformPermission,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { believeRun, type JudgeReport } from './judge-report.ts';
import { listRuns } from './repo/runs.ts';
import { presentRun, runSchema } from './schema.ts';

/** Begins a test in the background and gives its id; `app` knows how to see the whole system. */
export type StartTest = (ctx: RequestContext) => Promise<string>;

const SHOWN = 10;

export function isolationRoutes(start: StartTest, judge: JudgeReport): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/isolation',
      summary: 'The latest isolation tests with their reports, the newest first',
      guard: platformPermission('platform.read'),
      limit: 'account',
      input: {},
      output: json(z.object({ runs: z.array(runSchema) })),
      audit: null,
      run: async (ctx) => {
        const runs = await ctx.inControl((tx) => listRuns(tx, SHOWN));
        const believed = await Promise.all(runs.map((run) => believeRun(ctx, run, judge)));
        return { runs: believed.map(presentRun) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/isolation',
      summary: 'Attack two canary tenants of this appliance with every attempt there is',
      guard: platformPermission('isolation.test'),
      limit: 'account',
      input: { body: z.strictObject({}) },
      output: json(z.object({ id: z.uuid() }), 202),
      audit: ['isolation.test'],
      run: async (ctx) => ({ id: await start(ctx) }),
    }),
  ];
}
