import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCanary } from '../../identity/index.ts';
import { AppError, newId, type TenantRole } from '../../platform/index.ts';
import { createTenant, findTenant } from '../../tenancy/index.ts';
import { noteCanary } from '../repo/canaries.ts';
import type { Subject } from '../subject.ts';
import { whenAllEnded } from '../when-all-ended.ts';
import { makingContext } from './making-context.ts';
import type { Canaries, CanaryPerson, CanaryTenant } from './canary.ts';

type Making = { subject: Subject; runId: string };
type Wish = {
  name: string;
  memberships: readonly { tenantId: string; role: TenantRole }[];
  platformRole?: 'super_admin';
};

const BUILT_WITHIN_MS = 60_000;

/** Two tenants and the people around them. Nothing is in the tenants yet. */
export async function makeCanaries(making: Making): Promise<Canaries> {
  const [a, b] = await whenAllEnded([makeTenant(making), makeTenant(making)]);
  const person = (wish: Wish): Promise<CanaryPerson> => makePerson(making, wish);
  const [stranger, bridge, platform] = await whenAllEnded([
    person({ name: 'Canary stranger', memberships: [] }),
    person({
      name: 'Canary of two tenants',
      memberships: [
        { tenantId: a.id, role: 'admin' },
        { tenantId: b.id, role: 'admin' },
      ],
    }),
    person({ name: 'Canary of the platform', memberships: [], platformRole: 'super_admin' }),
  ]);
  return { a, b, stranger, bridge, platform };
}

async function makeTenant(making: Making): Promise<CanaryTenant> {
  const { ctx } = making.subject;
  const label = `L${randomBytes(6).toString('hex').toUpperCase()}`;
  const secret = `CN${randomBytes(8).toString('hex').toUpperCase()}`;
  const name = `Canary ${label}`;
  const id = newId();
  await ctx.inControl((tx) => noteCanary(tx, { runId: making.runId, kind: 'tenant', id }));
  await createTenant(makingContext(ctx, id), { id, name, language: 'en', purpose: 'self_check' });
  const deadline = Date.now() + BUILT_WITHIN_MS;
  for (;;) {
    const tenant = await ctx.inControl((tx) => findTenant(tx, id));
    if (tenant?.state === 'active') break;
    if (tenant?.state === 'failed' || Date.now() > deadline)
      throw new AppError('unavailable', 'the provisioner built no canary tenant; see its log');
    await sleep(50);
  }
  const [admin, member, reviewer, spare] = await whenAllEnded(
    (['admin', 'member', 'reviewer', 'reviewer'] as const).map((role) =>
      makePerson(making, {
        name: `Canary ${label} ${role}`,
        memberships: [{ tenantId: id, role }],
      }),
    ),
  );
  if (!admin || !member || !reviewer || !spare)
    throw new AppError('unavailable', 'nobody was made');
  const objects = new Map([
    ['tenant', id],
    ['account', admin.accountId],
    ['spareAccount', spare.accountId],
    ['session', admin.sessionId],
  ] as const);
  return { id, name, secret, label, admin, member, reviewer, objects: new Map(objects) };
}

/** A person with a live session, whom the run removes at its end. */
export async function makePerson({ subject, runId }: Making, wish: Wish): Promise<CanaryPerson> {
  const id = newId();
  await subject.ctx.inControl((tx) => noteCanary(tx, { runId, kind: 'account', id }));
  return makeCanary(makingContext(subject.ctx, id), subject.identity, { ...wish, id });
}
