import type { Endpoint, RequestContext } from '../../platform/index.ts';
import { listDefinerFunctions, type DefinerFunction } from './list-definer-functions.ts';
import { CALLER_NAMES, listGuards, type GuardedRoute } from './list-guards.ts';

export type GuardAudit = {
  routes: GuardedRoute[];
  /** Everybody that could pass, in one order. */
  callers: string[];
  functions: DefinerFunction[];
  faults: number;
};

/** Both doors at once: of the API and of the database. Read from what runs, never from a list. */
export async function auditGuards(
  ctx: RequestContext,
  table: readonly Endpoint[],
): Promise<GuardAudit> {
  const routes = listGuards(table);
  const functions = await ctx.platform.db.readControl(listDefinerFunctions);
  const faults = [...routes, ...functions].filter(({ fault }) => fault !== null).length;
  return { routes, callers: CALLER_NAMES, functions, faults };
}
