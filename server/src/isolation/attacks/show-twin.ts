import { mayInTenant } from '../../access/index.ts';
import { newId, type Endpoint } from '../../platform/index.ts';
import { stopCanary } from '../canaries/ask-canary.ts';
import type { CanaryPerson } from '../canaries/canary.ts';
import { findSecrets } from '../canaries/find-secrets.ts';
import { isReached } from '../requests/fixtures.ts';
import type { Answer, Sent } from '../requests/http-client.ts';
import { idPositions, rightfulRequest } from '../requests/list-variants.ts';
import { positionName, routeName } from '../requests/positions.ts';
import type { World } from '../world.ts';

/**
 * The rightful owner sends what the attempts sent: it must give the canary, or change B. Where the
 * owner is the platform, or everybody, the twin shows that the door opens to them.
 */
export async function showTwin(world: World, route: Endpoint): Promise<void> {
  const name = routeName(route);
  world.ledger.twin('routes', name, await whyNot(world, route));
}

async function whyNot(world: World, route: Endpoint): Promise<string | null> {
  switch (route.guard.kind) {
    case 'public':
      return openDoor(world, route);
    case 'secret':
      return programDoor(world, route);
    case 'platform':
      return platformDoor(world, route);
    default:
      return ownerDoor(world, route);
  }
}

/** Before the attempts, so that whatever a cache could keep of B is in it. */
export async function warmUp(world: World, route: Endpoint): Promise<void> {
  if (route.method !== 'get' || !route.path.includes(':tenantId')) return;
  await world.http.send(rightfulRequest(route, world.b), ownerOf(world, route).accessToken);
}

/** Open to all: it holds no canary, so the twin shows only that it answers. */
async function openDoor(world: World, route: Endpoint): Promise<string | null> {
  const { http } = world;
  const answer = await http.send(rightfulRequest(route, world.b));
  // Faulty input and a missing cookie are answers of the route itself.
  return answer.status < 500 ? null : `answers ${answer.status}`;
}

/** For a program that shows its own secret; a person's token opens nothing there. */
async function programDoor({ http, subject, b }: World, route: Endpoint): Promise<string | null> {
  const { status } = await http.send(rightfulRequest(route, b), subject.metricsToken());
  return status < 300 ? null : `answers ${status}`;
}

/** An input that no schema takes tells the guard's refusal from the route's own, and changes nothing. */
async function platformDoor({ http, platform, b }: World, route: Endpoint): Promise<string | null> {
  const request = rightfulRequest(route, b);
  const harmless: Sent =
    route.method === 'get'
      ? request
      : {
          ...request,
          path: `${request.path}${request.path.includes('?') ? '&' : '?'}isolation=test`,
        };
  const answer = await http.send(harmless, platform.accessToken);
  const reached = route.method === 'get' ? answer.status < 500 : answer.status === 400;
  return reached && ![401, 403].includes(answer.status) ? null : `answers ${answer.status}`;
}

async function ownerDoor(world: World, route: Endpoint): Promise<string | null> {
  const optional = idPositions(route).named.filter(
    ({ position }) => !position.required && position.part !== 'path',
  );
  const plain = await tryOwner(world, route, []);
  if (plain !== null) return plain;
  for (const { position } of optional) {
    const why = await tryOwner(world, route, [positionName(position)]);
    if (why !== null) return `${positionName(position)}: ${why}`;
  }
  return null;
}

async function tryOwner(
  world: World,
  route: Endpoint,
  also: readonly string[],
): Promise<string | null> {
  const { http, watch, b } = world;
  const owner = ownerOf(world, route);
  const writes = route.method !== 'get';
  if (writes) await watch.begin();
  const answer = await http.send(rightfulRequest(route, b, also), owner.accessToken);
  const talks = answer.streams && route.method === 'post';
  if (talks)
    for (const kind of ['talk', 'conversation'] as const)
      await stopCanary(http, b, b.objects.get(kind) ?? newId());
  if (isReached(route, answer.status)) return null;
  if (answer.status >= 300) return `its owner gets ${answer.status}: ${answer.text.slice(0, 160)}`;
  if (showsCanary(world, answer)) return null;
  if (!writes) return 'its owner gets no canary';
  return (await watch.changes()).length > 0 ? null : 'its owner changes nothing';
}

function showsCanary({ b }: World, answer: Answer): boolean {
  return findSecrets(answer.text, b).length > 0;
}

/** Who has the right: an administrator where that role has it, else who else has. */
export function ownerOf({ b }: World, { guard }: Endpoint): CanaryPerson {
  const permission = 'permission' in guard ? guard.permission : '';
  const role = (['admin', 'member', 'reviewer'] as const).find((one) =>
    mayInTenant(one, permission),
  );
  return b[role ?? 'admin'];
}
