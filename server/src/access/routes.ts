import { z } from 'zod';
import { endpoint, json, platformPermission, type Endpoint } from '../platform/index.ts';
import { auditGuards } from './audit/audit-guards.ts';

const route = z.object({
  method: z.string(),
  path: z.string(),
  summary: z.string(),
  guard: z.string(),
  permission: z.string().nullable(),
  feature: z.string().nullable(),
  passes: z.array(z.string()),
  stepUp: z.boolean(),
  beforeFactor: z.boolean(),
  limit: z.string(),
  audit: z.array(z.string()).nullable(),
  fault: z.string().nullable(),
});
const definer = z.object({
  name: z.string(),
  owner: z.string(),
  searchPath: z.string().nullable(),
  guard: z.string().nullable(),
  executors: z.array(z.string()),
  fault: z.string().nullable(),
});

/** The audit of guards, over the table that answers this very request. */
export function accessRoutes(allRoutes: () => readonly Endpoint[]): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/platform/guards',
      summary: 'Every route and every definer function, with what guards it',
      guard: platformPermission('guards.read'),
      limit: 'account',
      input: {},
      output: json(
        z.object({
          routes: z.array(route),
          callers: z.array(z.string()),
          functions: z.array(definer),
          faults: z.int(),
        }),
      ),
      audit: null,
      run: (ctx) => auditGuards(ctx, allRoutes()),
    }),
  ];
}
