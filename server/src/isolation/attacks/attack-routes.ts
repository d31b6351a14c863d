import { mayInTenant } from '../../access/index.ts';
import type { Endpoint } from '../../platform/index.ts';
import type { CanaryPerson } from '../canaries/canary.ts';
import { findSecrets } from '../canaries/find-secrets.ts';
import { failDocument } from '../canaries/make-objects.ts';
import { inParallel } from '../in-parallel.ts';
import type { Found } from '../report.ts';
import { compareAnswers } from '../requests/compare-answers.ts';
import { composeRequest } from '../requests/compose-request.ts';
import { PERSONAL } from '../requests/fixtures.ts';
import type { Answer, Sent } from '../requests/http-client.ts';
import { idPositions, listVariants, type Variant } from '../requests/list-variants.ts';
import { routeName } from '../requests/positions.ts';
import type { World } from '../world.ts';
import { showTwin, warmUp } from './show-twin.ts';

/** Of the same tenant, but not the person to whom the thing belongs. */
const COLLEAGUE = 'colleague in B';

export type Attacker = { readonly role: string; readonly person: CanaryPerson | null };

/**
 * Every route with ids of B at every position, sent by every role that has no right to them. What
 * comes back must be what an id that never was gets, and must hold nothing of B; and B must not
 * have changed. The rightful owner's own request is the twin.
 */
export async function attackRoutes(world: World): Promise<void> {
  const { routes } = world.subject;
  world.ledger.demand('routes', routes.map(routeName));
  await failDocument(world, world.b);
  for (const route of routes) await attackRoute(world, route);
  // Last, since the twins of deletions delete.
  const order = ['get', 'put', 'patch', 'post', 'delete'];
  const sorted = routes.toSorted(
    (one, other) =>
      order.indexOf(one.method) - order.indexOf(other.method) ||
      other.path.length - one.path.length,
  );
  for (const route of sorted) await showTwin(world, route);
}

async function attackRoute(world: World, route: Endpoint): Promise<void> {
  const { ledger, watch } = world;
  const name = routeName(route);
  const { named, unknown } = idPositions(route);
  const positions = (list: readonly string[]): string[] => list.map((at) => `${name} ${at}`);
  ledger.demand('id_positions', positions(unknown));
  ledger.demand(
    'id_positions',
    named.map(({ position }) => `${name} ${position.part}.${position.at.join('.')}`),
  );
  await warmUp(world, route);
  await watch.begin();
  const before = ledger.attempts;
  const variants = listVariants(route, world);
  await inParallel(variants, (variant) => attackVariant(world, route, variant));
  if (variants.length === 0) await attackPlainly(world, route);
  const changed = await watch.changes();
  if (changed.length > 0)
    ledger.attempt(
      { kind: 'routes', name: `${name}: all of its attempts together`, twin: name },
      { what: `changed B: ${changed.join('; ')}`, effects: changed.length },
    );
  for (const { at } of variants)
    for (const place of at) ledger.cover('id_positions', `${name} ${place}`);
  if (ledger.attempts > before) ledger.cover('routes', name);
}

async function attackVariant(world: World, route: Endpoint, variant: Variant): Promise<void> {
  for (const attacker of attackersOf(world, route, variant)) {
    const token = attacker.person?.accessToken;
    const unknown = attacker.role === COLLEAGUE ? variant.neverInB : variant.never;
    const never = await world.http.send(unknown, token);
    const answer = await world.http.send(variant.foreign, token);
    const differs = compareAnswers(
      { answer, sent: variant.foreignIds },
      { answer: never, sent: variant.neverIds },
    );
    const found = judge(world, answer, {
      differs,
      sent: variant.foreignIds,
      platform: attacker.role === 'platform',
    });
    world.ledger.attempt(
      {
        kind: 'routes',
        name: `${routeName(route)} with ${variant.name} as ${attacker.role}`,
        twin: routeName(route),
      },
      found,
    );
  }
}

/** A route that names nothing must still give nothing of B to anybody around A. */
async function attackPlainly(world: World, route: Endpoint): Promise<void> {
  const request: Sent = composeRequest({ route, wanted: [], fill: () => undefined });
  // What is open to all, or changes the caller's own session, is asked without any.
  const asked = route.guard.kind === 'public';
  const attackers = asked
    ? [{ role: 'anonymous', person: null }]
    : everybody(world).filter(({ role }) => role !== 'member of both');
  for (const attacker of attackers) {
    if (attacker.role === 'platform' && route.method !== 'get') continue;
    const answer = await world.http.send(request, attacker.person?.accessToken);
    world.ledger.attempt(
      { kind: 'routes', name: `${routeName(route)} as ${attacker.role}`, twin: routeName(route) },
      judge(world, answer, { differs: null, sent: [], platform: attacker.role === 'platform' }),
    );
  }
}

type Verdict = { differs: string | null; sent: readonly string[]; platform: boolean };

export function judge(
  world: World,
  answer: Answer,
  { differs, sent, platform }: Verdict,
): Found | null {
  const secrets = findSecrets(`${answer.text}\n${JSON.stringify(answer.headers)}`, world.b, {
    sent,
    sight: platform ? 'metadata' : 'nothing',
  });
  const bytes = Buffer.byteLength(answer.text);
  if (secrets.length > 0) return { what: `the answer holds ${secrets.join(', ')}`, bytes };
  if (answer.status >= 500)
    return { what: `answers ${answer.status}: ${answer.text.slice(0, 160)}` };
  return differs === null ? null : { what: differs, bytes };
}

function everybody({ a, stranger, bridge, platform }: World): Attacker[] {
  return [
    { role: 'anonymous', person: null },
    { role: 'stranger', person: stranger },
    { role: 'member of A', person: a.member },
    { role: 'reviewer of A', person: a.reviewer },
    { role: 'admin of A', person: a.admin },
    { role: 'platform', person: platform },
    { role: 'member of both', person: bridge },
  ];
}

/** Who has no right to the variant: of B's own people those to whom personal things are foreign. */
function attackersOf(world: World, route: Endpoint, { at }: Variant): Attacker[] {
  const throughB = at.includes('path.tenantId');
  const ofPlatform = route.guard.kind === 'platform' || route.guard.kind === 'authenticated';
  const attackers = everybody(world).filter(({ role }) => {
    // At B's address this one is at home, unless a thing belongs to one person.
    if (role === 'member of both') return !throughB && route.path.includes(':tenantId');
    return role !== 'platform' || !ofPlatform;
  });
  const permission = 'permission' in route.guard ? route.guard.permission : '';
  const personal = PERSONAL.has(permission) && at.some((name) => name !== 'path.tenantId');
  if (personal && throughB && mayInTenant('member', permission))
    attackers.push({ role: COLLEAGUE, person: world.b.member });
  return attackers;
}
