import { setTimeout as sleep } from 'node:timers/promises';
import { mayInTenant } from '../../access/index.ts';
import type { Endpoint } from '../../platform/index.ts';
import { resumeTenant, suspendTenant } from '../../tenancy/index.ts';
import { inParallel } from '../in-parallel.ts';
import { isReached } from '../requests/fixtures.ts';
import { rightfulRequest } from '../requests/list-variants.ts';
import { routeName } from '../requests/positions.ts';
import type { World } from '../world.ts';
import { judge } from './attack-routes.ts';
import { makeCredentials, type Credential } from './make-credentials.ts';
import { ownerOf } from './show-twin.ts';

/** Ended sessions and states of tenants are known two seconds late, by design. */
const KNOWN_LATE_MS = 2_300;

/**
 * Every route of B, asked with credentials that are forged, expired, of the wrong kind, or were good
 * once. Its twin is the same request with the good token.
 */
export async function attackCredentials(world: World): Promise<void> {
  const { ledger, watch } = world;
  const routes = world.subject.routes.filter(
    ({ guard, path }) =>
      guard.kind !== 'public' && guard.kind !== 'secret' && path.startsWith('/api/'),
  );
  const credentials = await makeCredentials(world);
  ledger.demand('credentials', [...credentials.map(({ name }) => name), 'a suspended tenant']);
  await sleep(KNOWN_LATE_MS);
  await watch.begin();
  for (const route of routes) {
    await inParallel(credentials, (credential) => attackWith(world, route, credential));
    await showReads(world, route);
  }
  for (const { name } of credentials) ledger.cover('credentials', name);
  const changed = await watch.changes();
  if (changed.length > 0)
    ledger.attempt(
      { kind: 'credentials', name: 'all of these attempts together', twin: twinOf(routes[0]) },
      { what: `changed B: ${changed.join('; ')}`, effects: changed.length },
    );
  await attackSuspended(world, routes);
}

const twinOf = (route: Endpoint | undefined): string =>
  `credentials: ${route ? routeName(route) : 'nothing'}`;

async function attackWith(
  world: World,
  route: Endpoint,
  { name, headers }: Credential,
): Promise<void> {
  const request = rightfulRequest(route, world.b);
  const answer = await world.http.send({ ...request, headers });
  const refused = [401, 403, 404].includes(answer.status);
  world.ledger.attempt(
    { kind: 'credentials', name: `${routeName(route)} with ${name}`, twin: twinOf(route) },
    judge(world, answer, {
      // A route of the caller's own things answers A's token with A's things.
      differs: refused || ownThings(route, name) ? null : `answers ${answer.status}`,
      sent: [...world.b.objects.values()],
      platform: false,
    }),
  );
}

function ownThings({ guard, path }: Endpoint, credential: string): boolean {
  const named = path.includes(':tenantId');
  return guard.kind === 'authenticated' && !named && /A's token|left the tenant/.test(credential);
}

/** The twin reads alone: what writes is shown by the twins of kind `routes`. */
async function showReads(world: World, route: Endpoint): Promise<void> {
  const owner = route.guard.kind === 'platform' ? world.platform : ownerOf(world, route);
  const request = rightfulRequest(route, world.b);
  const harmless =
    route.method === 'get'
      ? request
      : {
          ...request,
          path: `${request.path}${request.path.includes('?') ? '&' : '?'}isolation=test`,
        };
  const answer = await world.http.send(harmless, owner.accessToken);
  const ofPlatform = route.guard.kind === 'platform';
  const opened =
    isReached(route, answer.status) ||
    answer.status < (route.method === 'get' && !ofPlatform ? 300 : 500);
  const why =
    opened && ![401, 403].includes(answer.status) ? null : `its owner gets ${answer.status}`;
  world.ledger.twin('credentials', twinOf(route), why);
}

/** A suspended tenant opens to nobody, and opens again when it is resumed. */
async function attackSuspended(world: World, routes: readonly Endpoint[]): Promise<void> {
  const { ledger, http, b, subject } = world;
  const inside = routes.filter(
    ({ guard, method }) =>
      guard.kind === 'tenant' && method === 'get' && mayInTenant('admin', guard.permission),
  );
  await suspendTenant(subject.ctx, b.id);
  try {
    await sleep(KNOWN_LATE_MS);
    await inParallel(inside, async (route) => {
      const answer = await http.send(rightfulRequest(route, b), b.admin.accessToken);
      const open = answer.status < 400 ? `answers ${answer.status} while suspended` : null;
      ledger.attempt(
        {
          kind: 'credentials',
          name: `${routeName(route)} in a suspended tenant`,
          twin: `resumed: ${routeName(route)}`,
        },
        judge(world, answer, { differs: open, sent: [...b.objects.values()], platform: false }),
      );
    });
    ledger.cover('credentials', 'a suspended tenant');
  } finally {
    await resumeTenant(subject.ctx, b.id);
  }
  await sleep(KNOWN_LATE_MS);
  for (const route of inside) {
    const answer = await http.send(rightfulRequest(route, b), b.admin.accessToken);
    ledger.twin(
      'credentials',
      `resumed: ${routeName(route)}`,
      answer.status < 300 || isReached(route, answer.status) ? null : `answers ${answer.status}`,
    );
  }
}
