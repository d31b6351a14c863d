import { z } from 'zod';
import type { Endpoint } from '../../platform/index.ts';

/** The parts of JSON Schema that zod writes. */
export type JsonSchema = {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
};

export type Part = 'path' | 'query' | 'body';

/** One place of a request that takes a value, at any depth. */
export type Position = {
  readonly part: Part;
  /** The keys that lead to it; of a list the first entry, `0`. */
  readonly at: readonly string[];
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly takes: 'id' | 'text' | 'other';
};

const PARTS = { path: 'params', query: 'query', body: 'body' } as const;

export function routeName({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

export function positionName({ part, at }: Pick<Position, 'part' | 'at'>): string {
  return `${part}.${at.join('.')}`;
}

export function schemaOf(route: Endpoint, part: Part): JsonSchema | undefined {
  const schema = route.input[PARTS[part]];
  if (!schema) return undefined;
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  }) as JsonSchema;
}

/** Every place of the route's requests that takes a value, found by walking its schemas. */
export function positionsOf(route: Endpoint): Position[] {
  return (Object.keys(PARTS) as Part[]).flatMap((part) => {
    const schema = schemaOf(route, part);
    return schema ? walk(schema, { part, at: [], required: true }) : [];
  });
}

type Place = Pick<Position, 'part' | 'at' | 'required'>;

function walk(schema: JsonSchema, place: Place): Position[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const inner = branches.flatMap((branch) => walk(branch, place));
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    walk(property, {
      ...place,
      at: [...place.at, name],
      required: place.required && (schema.required ?? []).includes(name),
    }),
  );
  const listed = schema.items ? walk(schema.items, { ...place, at: [...place.at, '0'] }) : [];
  const extra =
    typeof schema.additionalProperties === 'object'
      ? walk(schema.additionalProperties, { ...place, at: [...place.at, 'key'], required: false })
      : [];
  const all = [...inner, ...named, ...listed, ...extra];
  if (all.length > 0) return unique(all);
  return place.at.length === 0 ? [] : [{ ...place, schema, takes: takesOf(schema, place) }];
}

const ID_NAME = /(^|[a-z_])(id|ids|Id|Ids)$/;

function takesOf(schema: JsonSchema, { at }: Place): Position['takes'] {
  const name = at.findLast((key) => key !== '0') ?? '';
  if (schema.enum ?? schema.const) return 'other';
  if (schema.format === 'uuid' || schema.format === 'guid' || ID_NAME.test(name)) return 'id';
  return schema.type === 'string' ? 'text' : 'other';
}

/** A union names the same place in several ways: an id in any of them makes it one. */
function unique(positions: readonly Position[]): Position[] {
  const known = new Map<string, Position>();
  const rank = { id: 2, text: 1, other: 0 } as const;
  for (const position of positions) {
    const name = positionName(position);
    const before = known.get(name);
    if (!before || rank[position.takes] > rank[before.takes]) known.set(name, position);
  }
  return [...known.values()];
}
