import { scimError } from './scim-error.ts';

export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type Literal = string | number | boolean | null;

/** A filter of RFC 7644, 3.4.2.2. Names are as they were sent; they are compared without case. */
export type Filter =
  | { op: 'and' | 'or'; left: Filter; right: Filter }
  | { op: 'not'; inner: Filter }
  | { op: 'pr'; path: string }
  | { op: Comparison; path: string; value: Literal }
  | { op: 'value'; path: string; inner: Filter };

/** The target of a PATCH operation (RFC 7644, 3.5.2): an attribute, of some of its values, or a part of it. */
export type PatchPath = { attribute: string; filter: Filter | null; sub: string | null };

const MOST_CHARACTERS = 2_000;
const DEEPEST = 40;
const COMPARISONS: ReadonlySet<string> = new Set([
  ...['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
]);
/** A schema's URN with the attribute behind it, or a name with its part. */
const NAME = /(?:urn:[\w.:-]+:)?[A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)?/y;
const VALUE =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/iy;

class Reader {
  readonly text: string;
  at = 0;
  depth = 0;

  constructor(text: string) {
    if (text.length > MOST_CHARACTERS)
      throw scimError('invalidFilter', `A filter has at most ${MOST_CHARACTERS} characters`);
    this.text = text;
  }

  fail(wanted: string): never {
    throw scimError(
      'invalidFilter',
      `The filter can not be read at character ${this.at + 1}: ${wanted}`,
    );
  }

  spaces(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }

  take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  /** A word as `and`, which a space or a parenthesis ends. */
  word(word: string): boolean {
    const end = this.at + word.length;
    if (this.text.slice(this.at, end).toLowerCase() !== word) return false;
    if (!/^[ (]?$/.test(this.text[end] ?? '')) return false;
    this.at = end;
    return true;
  }
}

/** @throws AppError invalid_input, invalidFilter */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const filter = readOr(reader);
  if (reader.at < text.length) reader.fail('nothing more is expected');
  return filter;
}

/** @throws AppError invalid_input, invalidPath or invalidFilter */
export function parsePath(text: string): PatchPath {
  const reader = new Reader(text);
  const attribute = reader.match(NAME);
  if (attribute === null) throw scimError('invalidPath', 'The path names no attribute');
  let filter: Filter | null = null;
  if (reader.take('[')) {
    filter = readOr(reader);
    if (!reader.take(']')) reader.fail('] is missing');
  }
  const dotted = reader.take('.');
  const sub = dotted ? reader.match(/[A-Za-z$][\w$-]*/y) : null;
  if (reader.at < text.length || (dotted && sub === null))
    throw scimError('invalidPath', 'The path can not be read');
  if (sub !== null || filter !== null) return { attribute, filter, sub };
  return { ...splitName(attribute), filter };
}

/** The attribute and the part of it; a dot in a schema's URN (`2.0`) separates nothing. */
export function splitName(name: string): { attribute: string; sub: string | null } {
  const [, urn = '', rest = name] = /^(urn:.*:)?([^:]*)$/i.exec(name) ?? [];
  const [attribute = '', sub = null] = rest.split('.');
  return { attribute: urn + attribute, sub };
}

function readOr(reader: Reader): Filter {
  reader.depth += 1;
  if (reader.depth > DEEPEST) reader.fail('it is nested too deep');
  let left = readAnd(reader);
  for (;;) {
    const start = reader.at;
    reader.spaces();
    if (reader.at === start || !reader.word('or')) {
      reader.at = start;
      break;
    }
    left = { op: 'or', left, right: readAnd(reader) };
  }
  reader.depth -= 1;
  return left;
}

function readAnd(reader: Reader): Filter {
  let left = readTerm(reader);
  for (;;) {
    const start = reader.at;
    reader.spaces();
    if (reader.at === start || !reader.word('and')) {
      reader.at = start;
      return left;
    }
    left = { op: 'and', left, right: readTerm(reader) };
  }
}

function readTerm(reader: Reader): Filter {
  reader.spaces();
  const start = reader.at;
  if (reader.word('not')) {
    reader.spaces();
    if (reader.take('(')) return { op: 'not', inner: readGroup(reader) };
    reader.at = start;
  }
  if (reader.take('(')) return readGroup(reader);
  const path = reader.match(NAME);
  if (path === null) reader.fail('an attribute is expected');
  if (reader.take('[')) {
    const inner = readOr(reader);
    reader.spaces();
    if (!reader.take(']')) reader.fail('] is missing');
    return { op: 'value', path, inner };
  }
  return readComparison(reader, path);
}

function readGroup(reader: Reader): Filter {
  const inner = readOr(reader);
  reader.spaces();
  if (!reader.take(')')) reader.fail(') is missing');
  return inner;
}

function readComparison(reader: Reader, path: string): Filter {
  if (!reader.take(' ')) reader.fail('an operator is expected');
  reader.spaces();
  const op = reader.match(/[A-Za-z]+/y)?.toLowerCase() ?? '';
  if (op === 'pr') return { op, path };
  if (!COMPARISONS.has(op)) reader.fail('the operator is unknown');
  if (!reader.take(' ')) reader.fail('a value is expected');
  reader.spaces();
  const literal = reader.match(VALUE);
  if (literal === null) reader.fail('a value is expected');
  const plain = literal.startsWith('"') ? literal : literal.toLowerCase();
  return { op: op as Comparison, path, value: JSON.parse(plain) as Literal };
}

/** As it is sent; reads back as the same. */
export function writeFilter(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return `(${writeFilter(filter.left)}) ${filter.op} (${writeFilter(filter.right)})`;
    case 'not':
      return `not (${writeFilter(filter.inner)})`;
    case 'pr':
      return `${filter.path} pr`;
    case 'value':
      return `${filter.path}[${writeFilter(filter.inner)}]`;
    default:
      return `${filter.path} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}
