import { randomBytes } from 'node:crypto';
import { newId, type Endpoint } from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import { composeRequest } from './compose-request.ts';
import { objectAt, type ObjectKind } from './fixtures.ts';
import type { Sent } from './http-client.ts';
import { positionName, positionsOf, type Position } from './positions.ts';

/** A request with ids of another tenant, and the same one with ids that never were. */
export type Variant = {
  readonly name: string;
  readonly foreign: Sent;
  readonly foreignIds: readonly string[];
  readonly never: Sent;
  readonly neverIds: readonly string[];
  /** The same in B's own address, for those who are at home there. */
  readonly neverInB: Sent;
  /** Which positions hold a foreign id. */
  readonly at: readonly string[];
};

type Tenants = { a: CanaryTenant; b: CanaryTenant };
type Named = { position: Position; kind: ObjectKind };

/** The id positions of a route with what they name; `unknown` are those nobody has declared. */
export function idPositions(route: Endpoint): { named: Named[]; unknown: string[] } {
  const ids = positionsOf(route).filter(({ takes }) => takes === 'id');
  const named = ids.flatMap((position) => {
    const kind = objectAt(route, position);
    return kind ? [{ position, kind }] : [];
  });
  const unknown = ids
    .filter((position) => !objectAt(route, position))
    .map((position) => positionName(position));
  return { named, unknown };
}

/**
 * Every way to mix B's ids into a request: B's whole address, B's address around A's things, and A's
 * own address around each of B's things, alone and together.
 */
export function listVariants(route: Endpoint, tenants: Tenants): Variant[] {
  const { named } = idPositions(route);
  const required = named.filter(({ position }) => position.required || position.part === 'path');
  const optional = named.filter((one) => !required.includes(one));
  const tenant = required.filter(({ kind }) => kind === 'tenant');
  const things = required.filter(({ kind }) => kind !== 'tenant');
  const mixes: { name: string; foreign: Named[]; wanted: Named[] }[] = [];
  if (required.length > 0) mixes.push({ name: "B's ids", foreign: required, wanted: [] });
  if (tenant.length > 0 && things.length > 0)
    mixes.push({ name: "B's address, A's things", foreign: tenant, wanted: [] });
  for (const one of things)
    mixes.push({ name: `B's ${positionName(one.position)}`, foreign: [one], wanted: [] });
  if (things.length > 1)
    mixes.push({ name: "A's address, B's things", foreign: things, wanted: [] });
  for (const one of optional)
    mixes.push(
      { name: `B's ${positionName(one.position)}`, foreign: [one], wanted: [one] },
      {
        name: `B's ids and ${positionName(one.position)}`,
        foreign: [...required, one],
        wanted: [one],
      },
    );
  const seen = new Set<string>();
  return mixes
    .filter(({ foreign, wanted }) => {
      const key = [...foreign, ...wanted].map(({ position }) => positionName(position)).join();
      return !seen.has(key) && seen.add(key);
    })
    .map((mix) => variantOf(route, tenants, { named, ...mix }));
}

/** An id that never was, of the same moment: where ids are places of a list, it is the same place. */
function beside(id: string): string {
  return `${id.slice(0, 24)}${randomBytes(6).toString('hex')}`;
}

type Mix = { name: string; named: Named[]; foreign: Named[]; wanted: Named[] };

function variantOf(route: Endpoint, { a, b }: Tenants, mix: Mix): Variant {
  const at = mix.foreign.map(({ position }) => positionName(position));
  const idOf = (tenant: CanaryTenant, kind: ObjectKind): string =>
    tenant.objects.get(kind) ?? newId();
  const valuesOf = (foreignId: (kind: ObjectKind) => string): Map<string, string> =>
    new Map(
      mix.named.map(({ position, kind }) => {
        const name = positionName(position);
        return [name, at.includes(name) ? foreignId(kind) : idOf(a, kind)];
      }),
    );
  const foreign = valuesOf((kind) => idOf(b, kind));
  const unknown = new Map(mix.named.map(({ kind }) => [kind, beside(idOf(b, kind))]));
  const never = valuesOf((kind) => unknown.get(kind) ?? newId());
  const neverInB = valuesOf((kind) => (kind === 'tenant' ? b.id : (unknown.get(kind) ?? newId())));
  const wanted = mix.wanted.map(({ position }) => position);
  const compose = (values: ReadonlyMap<string, string>): Sent =>
    composeRequest({
      route,
      wanted,
      fill: (part, path) => values.get(positionName({ part, at: path })),
    });
  return {
    name: mix.name,
    at,
    foreign: compose(foreign),
    foreignIds: at.map((name) => foreign.get(name) ?? ''),
    never: compose(never),
    neverIds: at.map((name) => never.get(name) ?? ''),
    neverInB: compose(neverInB),
  };
}

/** The request of the rightful owner: everything in it is the tenant's own. */
export function rightfulRequest(
  route: Endpoint,
  tenant: CanaryTenant,
  also: readonly string[] = [],
): Sent {
  const { named } = idPositions(route);
  const ids = new Map(
    named.map(({ position, kind }) => [
      positionName(position),
      tenant.objects.get(kind) ?? newId(),
    ]),
  );
  return composeRequest({
    route,
    wanted: named.map(({ position }) => position).filter((one) => also.includes(positionName(one))),
    fill: (part, at) => ids.get(positionName({ part, at })),
  });
}
