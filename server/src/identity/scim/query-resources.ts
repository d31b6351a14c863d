import { z } from 'zod';
import { parseFilter, splitName, type Filter } from './filter.ts';
import { isObject, matches, plainName, valuesAt, type Json } from './match-filter.ts';
import { scimError } from './scim-error.ts';

const names = z.string().max(2_000).optional();
/** RFC 7644, 3.4.2 and 3.9. */
export const listQuery = z.strictObject({
  filter: z.string().max(4_000).optional(),
  startIndex: z.coerce.number().int().optional(),
  count: z.coerce.number().int().optional(),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.enum(['ascending', 'descending']).optional(),
  attributes: names,
  excludedAttributes: names,
});
export const oneQuery = z.strictObject({ attributes: names, excludedAttributes: names });
export type ListQuery = z.output<typeof listQuery>;

const USUAL = 100;
export const MOST_RESULTS = 200;
const ALWAYS: ReadonlySet<string> = new Set(['schemas', 'id']);

export type ListAnswer = {
  schemas: string[];
  totalResults: number;
  startIndex: number;
  itemsPerPage: number;
  Resources: Json[];
};

export function readFilter({ filter }: ListQuery): Filter | null {
  return filter === undefined || filter.trim() === '' ? null : parseFilter(filter);
}

/** A value that the filter demands of an attribute, so that not all need be read. */
export function demanded(filter: Filter | null, attribute: string): string | null {
  if (filter?.op === 'and')
    return demanded(filter.left, attribute) ?? demanded(filter.right, attribute);
  if (filter?.op !== 'eq' || plainName(filter.path) !== attribute.toLowerCase()) return null;
  return typeof filter.value === 'string' ? filter.value : null;
}

/** One page of what the filter lets through, in order. */
export function queryResources(
  all: readonly Json[],
  filter: Filter | null,
  query: ListQuery,
): ListAnswer {
  const found = filter ? all.filter((one) => matches(filter, one)) : all;
  const sorted = query.sortBy === undefined ? found : sort(found, query.sortBy, query.sortOrder);
  const startIndex = Math.max(1, query.startIndex ?? 1);
  const count = Math.min(MOST_RESULTS, Math.max(0, query.count ?? USUAL));
  const page = sorted.slice(startIndex - 1, startIndex - 1 + count);
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: found.length,
    startIndex,
    itemsPerPage: page.length,
    Resources: page.map((one) => chooseAttributes(one, query)),
  };
}

/** Values that are not there come last, as RFC 7644, 3.4.2.3, has it. */
function sort(all: readonly Json[], by: string, order: ListQuery['sortOrder']): Json[] {
  const sign = order === 'descending' ? -1 : 1;
  const keyOf = (one: Json): string | null => {
    const [value] = valuesAt(one, by);
    return typeof value === 'string' || typeof value === 'boolean'
      ? String(value).toLowerCase()
      : null;
  };
  return all
    .map((one) => ({ one, key: keyOf(one) }))
    .toSorted(({ key: a }, { key: b }) => {
      if (a === b) return 0;
      if (a === null || b === null) return (a === null ? 1 : -1) * sign;
      return (a < b ? -1 : 1) * sign;
    })
    .map(({ one }) => one);
}

type Choice = Pick<ListQuery, 'attributes' | 'excludedAttributes'>;

/** Only these, or all but these; `schemas` and `id` always. */
export function chooseAttributes(resource: Json, choice: Choice): Json {
  const wanted = namesIn(choice.attributes);
  const left = namesIn(choice.excludedAttributes);
  if (wanted.length > 0 && left.length > 0)
    throw scimError('invalidValue', 'Send attributes or excludedAttributes, not both');
  if (wanted.length > 0) return keep(resource, wanted);
  return left.length > 0 ? leaveOut(resource, left) : resource;
}

type Name = { attribute: string; sub: string | null };

function namesIn(list: string | undefined): Name[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => {
      const { attribute, sub } = splitName(name);
      return { attribute: plainName(attribute), sub: sub?.toLowerCase() ?? null };
    });
}

function keep(resource: Json, wanted: readonly Name[]): Json {
  return pick(resource, (key) => {
    if (ALWAYS.has(key)) return true;
    const named = wanted.filter(({ attribute }) => attribute === key);
    if (named.length === 0) return false;
    if (named.some(({ sub }) => sub === null)) return true;
    return (part) => named.some(({ sub }) => sub === part);
  });
}

function leaveOut(resource: Json, left: readonly Name[]): Json {
  return pick(resource, (key) => {
    const named = left.filter(({ attribute }) => attribute === key);
    if (ALWAYS.has(key) || named.length === 0) return true;
    if (named.some(({ sub }) => sub === null)) return false;
    return (part) => !named.some(({ sub }) => sub === part);
  });
}

type Chosen = boolean | ((part: string) => boolean);

function pick(resource: Json, choose: (key: string) => Chosen): Json {
  return Object.fromEntries(
    Object.entries(resource).flatMap(([key, value]) => {
      const chosen = choose(key.toLowerCase());
      if (typeof chosen === 'boolean') return chosen ? [[key, value]] : [];
      return [[key, pickParts(value, chosen)]];
    }),
  );
}

function pickParts(value: unknown, chosen: (part: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => pickParts(one, chosen));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => chosen(key.toLowerCase())));
}
