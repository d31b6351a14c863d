import { createHash, randomBytes } from 'node:crypto';

/** A text that would run as SQL where a program puts it into a statement. */
export type Payload = {
  readonly name: string;
  readonly text: string;
  /** Heard on the test's own channel when the text was run. */
  readonly nonce: string;
  /** In an answer only when the text was run. */
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
  { name: 'in quotes', wrap: (x) => `x'||${x}||'x`, around: (t) => `select '${t}'` },
  { name: 'behind a quote', wrap: (x) => `x'||${x}--`, around: (t) => `select '${t}'` },
  {
    name: 'in a pattern',
    wrap: (x) => `%'||${x}||'%`,
    around: (t) => `select '' where 'x' like '%${t}%'`,
  },
  {
    name: 'as a condition',
    wrap: (x) => `x' or ${x}='' or 'x'='`,
    around: (t) => `select '' where 'y' = '${t}'`,
  },
  {
    name: 'as a union',
    wrap: (x) => `x' union select ${x}--`,
    around: (t) => `select 'a' where 'y' = '${t}'`,
  },
  {
    name: 'in parentheses',
    wrap: (x) => `x') or (${x}='`,
    around: (t) => `select '' where ('y' = '${t}')`,
  },
  {
    name: 'as an identifier',
    wrap: (x) => `x",${x} as "y`,
    around: (t) => `select 'z' as "${t}"`,
  },
  { name: 'as a number', wrap: (x) => `1+length(${x})`, around: (t) => `select ${t}` },
  { name: 'with a cast', wrap: (x) => `x'::text||${x}||'y`, around: (t) => `select '${t}'` },
  {
    name: 'in dollar quotes',
    wrap: (x) => `x$$||${x}||$$x`,
    around: (t) => `select $$${t}$$`,
  },
  {
    name: 'in a query of words',
    wrap: (x) => `x&y'||${x}||'`,
    around: (t) => `select to_tsquery('simple', '${t}')`,
  },
  {
    name: 'in a JSON path',
    wrap: (x) => `$.x'||${x}||'`,
    around: (t) => `select '${t}'`,
  },
];

/** Short, so that the texts fit fields of few characters. */
export const PROBE_CHANNEL = 'cmi';

/** A field longer than this takes payloads that also leave a digest in the answer. */
const ROOM = 160;

/**
 * Payloads for a text field of at most so many characters. What they run tells the test's channel;
 * where there is room it also leaves a digest that stands nowhere in the text itself.
 */
export function payloadsFor(most = Number.POSITIVE_INFINITY): Payload[] {
  return SHAPES.map(({ name, wrap, around }) => {
    const nonce = randomBytes(5).toString('hex');
    const tell = `pg_notify('${PROBE_CHANNEL}','${nonce}')::text`;
    const text = wrap(most > ROOM ? `(select ${tell}||md5('${nonce}'))` : tell);
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
