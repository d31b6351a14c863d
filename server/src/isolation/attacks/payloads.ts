import { createHash, randomBytes } from 'node:crypto';

/** A text that would run as SQL where a program puts it into a statement. */
export type Payload = {
  readonly name: string;
  readonly text: string;
  /** Heard on the test's own channel when the text was run. */
  readonly nonce: string;
  /** In an answer, or in the database, only when the text was run. */
  readonly computed: string;
  /** A statement into which the text is put as a careless program would; the twin runs it. */
  readonly statement: string;
};

type Shape = {
  name: string;
  wrap: (expression: string) => string;
  around: (text: string) => string;
};

/** The places of a statement into which texts fall; each wrap closes its place and opens it again. */
const SHAPES: readonly Shape[] = [
  { name: 'in quotes', wrap: (x) => `x' || (${x}) || 'x`, around: (t) => `select '${t}'` },
  { name: 'behind a quote', wrap: (x) => `x' || (${x}) -- `, around: (t) => `select '${t}'` },
  {
    name: 'in a like pattern',
    wrap: (x) => `%' and (${x}) <> '' and 'x' like '%`,
    around: (t) => `select '' where 'x' like '%${t}%'`,
  },
  {
    name: 'as a condition',
    wrap: (x) => `x' or (${x}) is not null or 'x'='`,
    around: (t) => `select '' where 'y' = '${t}'`,
  },
  {
    name: 'as a union',
    wrap: (x) => `x' union all select (${x})::text -- `,
    around: (t) => `select 'a' where 'y' = '${t}'`,
  },
  {
    name: 'in parentheses',
    wrap: (x) => `x') or (${x}) is not null or ('x'='`,
    around: (t) => `select '' where ('y' = '${t}')`,
  },
  {
    name: 'as an identifier',
    wrap: (x) => `x", (${x}) as "y`,
    around: (t) => `select 'z' as "${t}"`,
  },
  { name: 'as a number', wrap: (x) => `1 + length((${x})::text)`, around: (t) => `select ${t}` },
  {
    name: 'with a cast',
    wrap: (x) => `x'::text || (${x})::text || 'y`,
    around: (t) => `select '${t}'`,
  },
  {
    name: 'in dollar quotes',
    wrap: (x) => `x$$ || (${x}) || $$x`,
    around: (t) => `select $$${t}$$`,
  },
  {
    name: 'in a query of words',
    wrap: (x) => `x & y' || (${x}) || '`,
    around: (t) => `select to_tsquery('simple', '${t}')`,
  },
  { name: 'in a JSON path', wrap: (x) => `$.x' || (${x}) || '`, around: (t) => `select '${t}'` },
];

/**
 * Payloads for one text field. The expression steps out of the tenant's role, tells the test's
 * channel that it ran, and leaves a digest that stands nowhere in the text itself.
 */
export function payloadsFor(channel: string): Payload[] {
  return SHAPES.map(({ name, wrap, around }) => {
    const nonce = randomBytes(8).toString('hex');
    const expression = `select md5('${nonce}') || pg_notify('${channel}', '${nonce}')::text || left(set_config('role', current_setting('role'), true), 0)`;
    const text = wrap(expression);
    const computed = createHash('md5').update(nonce).digest('hex');
    return { name, text, nonce, computed, statement: around(text) };
  });
}

/** Texts that no statement runs but that break careless ones: metacharacters of every notation. */
export const METACHARACTERS: readonly string[] = [
  `'`,
  `"`,
  `\\`,
  `%_%`,
  `';--`,
  `*:* & ! | <->`,
  `$.** ? (@ like_regex ".*")`,
  `{"$ne": null}`,
  `\${7*7}{{7*7}}`,
  `; reset role; select 1`,
  `); drop table documents; --`,
  `set_config('role','none',false)`,
];
