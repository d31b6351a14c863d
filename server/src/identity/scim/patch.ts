import { z } from 'zod';
import { parsePath, splitName, type Filter, type PatchPath } from './filter.ts';
import { isObject, listAt, matches, plainName, type Json } from './match-filter.ts';
import { scimError } from './scim-error.ts';

/** What of a resource a directory may write; each list is one of objects. */
export type Shape = {
  readonly plain: readonly string[];
  readonly objects: readonly string[];
  readonly lists: readonly string[];
  readonly required: readonly string[];
};

const READ_ONLY: ReadonlySet<string> = new Set(['id', 'meta', 'groups', 'password']);

/** RFC 7644, 3.5.2, with the capital letters that Entra writes. */
export const patchBody = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(2_000).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(200),
});
export type Operation = z.output<typeof patchBody>['Operations'][number];

/** The resource after all operations, or the error of the first that can not be. */
export function applyPatch(resource: Json, operations: readonly Operation[], shape: Shape): Json {
  return operations.reduce((now, operation) => applyOne(now, operation, shape), resource);
}

function applyOne(resource: Json, { op, path, value }: Operation, shape: Shape): Json {
  if (path !== undefined && path !== '') {
    const target = parsePath(path);
    return change(resource, { op, target, value }, shape);
  }
  if (op === 'remove') throw scimError('noTarget', 'What is to be removed must have a path');
  if (!isObject(value)) throw scimError('invalidValue', 'Without a path the value is an object');
  // Entra writes `name.givenName` as the name of a field.
  return Object.entries(value).reduce(
    (now, [name, part]) =>
      change(now, { op, target: { ...splitName(name), filter: null }, value: part }, shape),
    resource,
  );
}

type Change = { op: Operation['op']; target: PatchPath; value: unknown };

function change(resource: Json, wanted: Change, shape: Shape): Json {
  const name = plainName(wanted.target.attribute);
  if (READ_ONLY.has(name)) throw scimError('mutability', `${name} is not changed by a directory`);
  const known = (names: readonly string[]): string | undefined =>
    names.find((one) => one.toLowerCase() === name);
  const list = known(shape.lists);
  if (list !== undefined) return { ...resource, [list]: changeList(resource, list, wanted) };
  if (wanted.target.filter !== null)
    throw scimError('invalidPath', `${name} is no list of which values could be chosen`);
  const object = known(shape.objects);
  if (object !== undefined)
    return { ...resource, [object]: changeObject(resource, object, wanted) };
  const plain = known(shape.plain);
  // What is not kept is not an error: directories send more than any one service keeps.
  if (plain === undefined) return resource;
  if (wanted.op === 'remove' || wanted.value === null) {
    if (shape.required.includes(plain))
      throw scimError('mutability', `${plain} can not be removed`);
    return without(resource, plain);
  }
  return { ...resource, [plain]: wanted.value };
}

function without(object: Json, name: string): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
  );
}

function changeObject(resource: Json, name: string, { op, target, value }: Change): Json {
  const present = isObject(resource[name]) ? resource[name] : {};
  if (target.sub !== null) {
    const rest = without(present, target.sub);
    return op === 'remove' || value === null ? rest : { ...rest, [target.sub]: value };
  }
  if (op === 'remove') return {};
  if (!isObject(value)) throw scimError('invalidValue', `${name} is an object`);
  return { ...present, ...value };
}

function changeList(resource: Json, name: string, wanted: Change): unknown[] {
  const present = listAt(resource, name).filter(isObject);
  const { op, target, value } = wanted;
  if (target.filter !== null) return changeSome(present, { ...wanted, filter: target.filter });
  if (target.sub !== null) {
    const { sub } = target;
    return present.map((one) =>
      op === 'remove' ? without(one, sub) : { ...without(one, sub), [sub]: value },
    );
  }
  const sent = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(asValue);
  if (op === 'replace') return sent;
  // Entra names what is to go in the value; RFC 7644 does so in the path.
  if (op === 'remove')
    return value === undefined ? [] : present.filter((one) => !sent.some(same(one)));
  const fresh = sent.filter(
    (one, at) => !present.some(same(one)) && sent.findIndex(same(one)) === at,
  );
  return onePrimary([...present, ...fresh], fresh);
}

type ChangeSome = Change & { filter: Filter };

function changeSome(present: readonly Json[], { op, target, value, filter }: ChangeSome): Json[] {
  const { sub } = target;
  const chosen = present.filter((one) => matches(filter, one));
  if (op === 'remove') {
    if (sub === null) return present.filter((one) => !chosen.includes(one));
    return present.map((one) => (chosen.includes(one) ? without(one, sub) : one));
  }
  const given = sub === null ? asValue(value) : { [sub]: value };
  if (chosen.length > 0) {
    const changed = present.map((one) => (chosen.includes(one) ? merge(one, given) : one));
    return onePrimary(
      changed,
      changed.filter((_one, at) => chosen.includes(present[at] ?? {})),
    );
  }
  // Entra sets the value of an address of a type that is not there yet, and means that it be made.
  const made = madeBy(filter);
  if (made === null) throw scimError('noTarget', 'No value is as the path says');
  return [...present, merge(made, given)];
}

function merge(one: Json, given: Json): Json {
  return Object.entries(given).reduce<Json>(
    (now, [name, value]) => ({ ...without(now, name), [name]: value }),
    one,
  );
}

/** A value of which a filter of equalities is true; null for any other filter. */
function madeBy(filter: Filter): Json | null {
  if (filter.op === 'eq') return { [filter.path]: filter.value };
  if (filter.op !== 'and') return null;
  const [left, right] = [madeBy(filter.left), madeBy(filter.right)];
  return left && right && { ...left, ...right };
}

function asValue(value: unknown): Json {
  if (isObject(value)) return value;
  if (typeof value === 'string') return { value };
  throw scimError('invalidValue', 'A list holds objects with a value');
}

const same =
  (one: Json) =>
  (other: Json): boolean =>
    one['value'] === other['value'] &&
    (one['type'] === undefined || other['type'] === undefined || one['type'] === other['type']);

/** One value is the first at most (RFC 7643, 2.4): a new one takes the place. */
function onePrimary(values: readonly Json[], fresh: readonly Json[]): Json[] {
  const first = fresh.find(({ primary }) => primary === true);
  if (!first) return [...values];
  return values.map((one) =>
    one !== first && one['primary'] === true ? { ...one, primary: false } : one,
  );
}

/** @throws AppError invalid_input, invalidSyntax */
export function readPatch(sent: Json): Operation[] {
  const name = Object.keys(sent).find((key) => key.toLowerCase() === 'operations') ?? '';
  const result = patchBody.safeParse({ Operations: sent[name] });
  if (!result.success)
    throw scimError(
      'invalidSyntax',
      'A PATCH has Operations, each with op: add, replace or remove',
    );
  return result.data.Operations;
}
