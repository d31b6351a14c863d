import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createChat } from '../chat/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { routeTable } from './routes.ts';

const chat = createChat({ search: () => Promise.resolve([]) });
const routes = routeTable({ identity: {} as IdentityParts, chat });
const cases = routes.flatMap(({ method, path, input }) =>
  Object.entries(input).map(([part, schema]) => ({
    name: `${method} ${path} ${part}`,
    schema,
  })),
);

/** Where a JSON Schema lets fields in that nobody named, or takes anything at all. */
function openPlaces(schema: unknown, place: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => openPlaces(one, place));
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const open = node['type'] === 'object' && node['additionalProperties'] !== false;
  const inner = Object.entries(node).flatMap(([name, value]) =>
    openPlaces(value, `${place}.${name}`),
  );
  return [...(open ? [place] : []), ...inner];
}

describe('the input of every route', () => {
  it('INP-02: every route refuses unknown fields at every depth', () => {
    expect(cases.length).toBeGreaterThan(20);
    for (const { name, schema } of cases) {
      const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      expect(openPlaces(described, name)).toEqual([]);
      expect([name, described.type]).toEqual([name, 'object']);
    }
  });

  it('INP-02: each parameter of a path has a schema', () => {
    for (const { method, path, input } of routes) {
      const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const schema = input.params ?? z.strictObject({});
      const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      const known = Object.keys(described.properties ?? {});
      expect([method, path, known.sort()]).toEqual([method, path, named.sort()]);
    }
  });

  it('finds a field that is let in, wherever it stands', () => {
    const loose = z.strictObject({ list: z.array(z.object({ a: z.string() }).loose()) });
    expect(openPlaces(z.toJSONSchema(loose), 'x')).toHaveLength(1);
  });
});
