import { setTimeout as pause } from 'node:timers/promises';
import { AppError, type RequestContext } from '../platform/index.ts';
import { createTenant } from './create-tenant.ts';
import { listStatesOf, type Language } from './repo/tenants.ts';

export type Created = {
  items: { id: string; name: string; state: string }[];
  /** Names that a tenant has already: a list can be given again after an interruption. */
  existing: string[];
  seconds: number;
};

type Wish = { tenants: readonly { name: string; language: Language }[]; wait: boolean };

const AT_ONCE = 4;
const LOOK_AGAIN_MS = 100;
const LOOK_AGAIN_MANY_MS = 2_000;
const PATIENCE_MS = 30 * 60_000;

/** Asks for many tenants and, if wished, waits until each is built or has failed. */
export async function createTenants(ctx: RequestContext, wish: Wish): Promise<Created> {
  const started = performance.now();
  const made: { id: string; name: string }[] = [];
  const existing: string[] = [];
  const left = [...wish.tenants];
  const make = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      try {
        made.push(await createTenant(ctx, next));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'already_exists') throw error;
        existing.push(next.name);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
  const states = wish.wait ? await settled(ctx, made) : new Map<string, string>();
  return {
    items: made.map(({ id, name }) => ({ id, name, state: states.get(id) ?? 'provisioning' })),
    existing,
    seconds: Math.round(performance.now() - started) / 1000,
  };
}

async function settled(
  ctx: RequestContext,
  made: readonly { id: string }[],
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  let waiting = made.map(({ id }) => id);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await ctx.inControl((tx) => listStatesOf(tx, waiting));
    for (const [id, state] of seen) states.set(id, state);
    waiting = waiting.filter((id) => seen.get(id) === 'provisioning');
    if (waiting.length === 0 || Date.now() > deadline) return states;
    // Looking at thousands takes the time of those who build them.
    await pause(LOOK_AGAIN_MS + Math.min(waiting.length, LOOK_AGAIN_MANY_MS));
  }
}
