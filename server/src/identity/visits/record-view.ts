import { recordOnPlatform } from '../../audit/index.ts';
import type { Guard, RequestContext } from '../../platform/index.ts';
import { insertView } from './repo.ts';

const LONGEST = 500;

type Looked = {
  route: string;
  guard: Guard;
  /** What the request names, as its schemas read it. */
  input: { params?: object; query?: object };
};

/**
 * Writes down what a visitor looks at, before it is shown: what can't be written is not shown. That a
 * tenant is there (`tenant.read`) is no content, and the platform knows it anyway.
 */
export async function recordView(
  ctx: RequestContext,
  { route, guard, input }: Looked,
): Promise<void> {
  const visit = ctx.standing?.visit;
  if (!visit || (guard.kind === 'tenant' && guard.permission === 'tenant.read')) return;
  const subject = Object.entries({ ...input.params, ...input.query })
    .filter(([name, value]) => name !== 'tenantId' && value !== undefined)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
  // As many rows as it takes: what is past the end of one is what somebody would hide.
  const parts = subject.match(new RegExp(`[^]{1,${LONGEST}}`, 'gu')) ?? [''];
  await ctx.inControl(async (tx) => {
    for (const part of parts) await insertView(tx, { visitId: visit.id, route, subject: part });
    await recordOnPlatform(tx, ctx, {
      action: 'visit.read',
      resourceType: 'visit',
      resourceId: visit.id,
      ...(ctx.tenantId === null ? {} : { tenantId: ctx.tenantId }),
      after: { route },
    });
  });
}
