import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../platform/index.ts';
import { bodyFor, sampleAt, samplePositions } from './fixtures.ts';
import type { Sent } from './http-client.ts';
import { positionName, schemaOf, type JsonSchema, type Part, type Position } from './positions.ts';

/** What stands at a position; undefined leaves it to the schema's own sample. */
export type Fill = (part: Part, at: readonly string[]) => unknown;

type Composing = {
  route: Endpoint;
  /** Optional positions that must be there; the required ones always are. */
  wanted: readonly Position[];
  fill: Fill;
};

/** A request that the route's schemas take, with the given values at the given places. */
export function composeRequest({ route, wanted, fill }: Composing): Sent {
  const names = new Set([...wanted.map(positionName), ...samplePositions(route)]);
  const choose: Fill = (part, at) => fill(part, at) ?? sampleAt(route, positionName({ part, at }));
  const build = (part: Part): unknown => {
    const schema = schemaOf(route, part);
    return schema && sampleOf(schema, { part, at: [], names, fill: choose });
  };
  const params = (build('path') ?? {}) as Record<string, string>;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((build('query') ?? {}) as Record<string, unknown>))
    query.append(name, String(value));
  const path = route.path.replace(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = query.size > 0 ? `?${query.toString()}` : '';
  const body = route.body === 'raw' ? undefined : build('body');
  return {
    method: route.method,
    path: `${path}${search}`,
    ...(route.body === 'raw' ? rawBody(route) : {}),
    ...(body === undefined ? {} : { json: body }),
  };
}

/** The same bytes twice would be refused as the same document. */
function rawBody(route: Endpoint): Pick<Sent, 'raw' | 'json'> {
  const text = `The isolation test of this appliance wrote ${randomBytes(8).toString('hex')}.`;
  const json = bodyFor(route, text);
  return json ? { json } : { raw: Buffer.from(text) };
}

type Sampling = { part: Part; at: readonly string[]; names: ReadonlySet<string>; fill: Fill };

function sampleOf(schema: JsonSchema, sampling: Sampling): unknown {
  const { at, fill, part } = sampling;
  const given = at.length > 0 ? fill(part, at) : undefined;
  if (given !== undefined) return given;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [branch] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (branch) return sampleOf(branch, sampling);
  if (schema.properties) return sampleObject(schema, sampling);
  if (schema.items) {
    const wanted = isWanted([...at, '0'], sampling) || (schema.minItems ?? 0) > 0;
    return wanted ? [sampleOf(schema.items, { ...sampling, at: [...at, '0'] })] : [];
  }
  return sampleScalar(schema);
}

function sampleObject(schema: JsonSchema, sampling: Sampling): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const at = [...sampling.at, name];
      if (!required.has(name) && !isWanted(at, sampling)) return [];
      return [[name, sampleOf(property, { ...sampling, at })]];
    }),
  );
}

function isWanted(at: readonly string[], { part, names }: Sampling): boolean {
  const name = positionName({ part, at });
  return [...names].some((wanted) => wanted === name || wanted.startsWith(`${name}.`));
}

function sampleScalar(schema: JsonSchema): unknown {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    case 'object':
      return {};
    default:
      return sampleText(schema);
  }
}

function sampleText({ format, minLength }: JsonSchema): string {
  if (format === 'uuid' || format === 'guid') return '00000000-0000-7000-8000-000000000000';
  if (format === 'email') return `${randomBytes(6).toString('hex')}@casemate.invalid`;
  if (format === 'date-time') return new Date(0).toISOString();
  if (format === 'uri') return 'https://casemate.invalid/';
  return 'isolation test.md'.padEnd(minLength ?? 0, 'x');
}
