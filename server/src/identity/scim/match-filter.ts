import type { Comparison, Filter, Literal } from './filter.ts';
import { splitName } from './filter.ts';
import { scimError } from './scim-error.ts';

export type Json = { readonly [name: string]: unknown };

/** Attributes whose case counts (RFC 7643, 7); of all others it does not. */
const EXACT: ReadonlySet<string> = new Set(['id', 'externalid', '$ref', 'location', 'version']);
const TIMES: ReadonlySet<string> = new Set(['created', 'lastmodified']);

/** Whether a resource, or one value of an attribute, is as the filter says (RFC 7644, 3.4.2.2). */
export function matches(filter: Filter, resource: Json): boolean {
  switch (filter.op) {
    case 'and':
      return matches(filter.left, resource) && matches(filter.right, resource);
    case 'or':
      return matches(filter.left, resource) || matches(filter.right, resource);
    case 'not':
      return !matches(filter.inner, resource);
    case 'pr':
      return valuesAt(resource, filter.path).some(isThere);
    case 'value':
      return listAt(resource, splitName(filter.path).attribute).some(
        (one) => isObject(one) && matches(filter.inner, one),
      );
    default:
      return compare(filter, resource);
  }
}

/** What stands under a name, whatever its case; the schema's URN before it is left out. */
export function readAt(resource: Json, name: string): unknown {
  const plain = plainName(name);
  const key = Object.keys(resource).find((one) => one.toLowerCase() === plain);
  return key === undefined ? undefined : resource[key];
}

/** Without the URN of the core schemas, in small letters. */
export function plainName(name: string): string {
  return name.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i, '').toLowerCase();
}

export function listAt(resource: Json, name: string): readonly unknown[] {
  const value = readAt(resource, name);
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Of a list of objects without a part that is named, what each is about: its `value`. */
export function valuesAt(resource: Json, path: string): readonly unknown[] {
  const { attribute, sub } = splitName(path);
  return listAt(resource, attribute).flatMap((one) => {
    if (!isObject(one)) return sub === null ? [one] : [];
    if (sub !== null) return listAt(one, sub);
    return Array.isArray(readAt(resource, attribute)) ? listAt(one, 'value') : [one];
  });
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

type Compared = { op: Comparison; path: string; value: Literal };

function compare({ op, path, value }: Compared, resource: Json): boolean {
  const found = valuesAt(resource, path);
  if (op === 'ne') return !compare({ op: 'eq', path, value }, resource);
  if (value === null) return op === 'eq' && !found.some(isThere);
  const { attribute, sub } = splitName(path);
  const name = plainName(sub ?? attribute);
  return found.some((one) => holds(op, { name, one, wanted: value }));
}

type Pair = { name: string; one: unknown; wanted: string | number | boolean };

function holds(op: Comparison, { name, one, wanted }: Pair): boolean {
  if (typeof one === 'boolean') {
    if (op !== 'eq')
      throw scimError(
        'invalidFilter',
        `${name} is true or false: only eq and ne can be asked of it`,
      );
    return String(one) === String(wanted).toLowerCase();
  }
  if (typeof one !== 'string' || typeof wanted !== 'string') return op === 'eq' && one === wanted;
  if (TIMES.has(name)) return ordered(op, Date.parse(one) - Date.parse(wanted));
  const [left, right] = EXACT.has(name) ? [one, wanted] : [one.toLowerCase(), wanted.toLowerCase()];
  switch (op) {
    case 'co':
      return left.includes(right);
    case 'sw':
      return left.startsWith(right);
    case 'ew':
      return left.endsWith(right);
    default:
      return ordered(op, left === right ? 0 : left < right ? -1 : 1);
  }
}

/** False for what has no order, as a time that is none. */
function ordered(op: Comparison, difference: number): boolean {
  switch (op) {
    case 'eq':
      return difference === 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return false;
  }
}
