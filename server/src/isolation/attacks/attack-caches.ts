import type { Endpoint } from '../../platform/index.ts';
import { findSecrets } from '../canaries/find-secrets.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import { isReached } from '../requests/fixtures.ts';
import type { Answer } from '../requests/http-client.ts';
import { rightfulRequest } from '../requests/list-variants.ts';
import { routeName } from '../requests/positions.ts';
import type { World } from '../world.ts';
import { ownerOf } from './show-twin.ts';

const ROUNDS = 3;

/**
 * Whatever a process keeps between requests: B asks first, then A asks the same of its own tenant,
 * then both at once. Each must get its own canary and nothing of the other.
 */
export async function attackCaches(world: World): Promise<void> {
  const routes = world.subject.routes.filter(
    ({ guard, method, path }) =>
      guard.kind === 'tenant' && method === 'get' && path.includes(':tenantId'),
  );
  for (const route of routes) await askInTurns(world, route);
}

async function askInTurns(world: World, route: Endpoint): Promise<void> {
  const { a, b, ledger } = world;
  const twin = `${routeName(route)} by its owner, in turns`;
  let why: string | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await ask(world, route, b);
    const own = await ask(world, route, a);
    const [oneB, oneA] = await Promise.all([ask(world, route, b), ask(world, route, a)]);
    for (const [name, { text }] of [
      ['after B', own],
      ['together with B', oneA],
    ] as const) {
      const secrets = findSecrets(text, b);
      ledger.attempt(
        {
          kind: 'caches',
          name: `${routeName(route)} by A ${name}, round ${round + 1}`,
          twin,
        },
        secrets.length > 0
          ? { what: `the answer holds ${secrets.join(', ')}`, bytes: text.length }
          : null,
      );
    }
    const shows = ({ status, text }: Answer, tenant: CanaryTenant): boolean =>
      isReached(route, status) || findSecrets(text, tenant).length > 0;
    if (!shows(theirs, b) || !shows(oneB, b)) why = 'B gets no canary';
    if (!shows(own, a) || !shows(oneA, a)) why = 'A gets no canary of its own';
  }
  ledger.twin('caches', twin, why);
}

async function ask(world: World, route: Endpoint, tenant: CanaryTenant): Promise<Answer> {
  const { accessToken } = tenant === world.b ? ownerOf(world, route) : tenant.admin;
  const answer = await world.http.send(rightfulRequest(route, tenant), accessToken);
  return answer;
}
