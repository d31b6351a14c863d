import { createFinder, type Needle } from './finder.ts';
import { escapedForms, notationsOf, type Known } from './known.ts';
import { replacePersonal } from './personal-data.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { replaceRandomRuns } from './random-runs.ts';
import { replacePem, SHAPES } from './secret-shapes.ts';
import { replaceLiterals, replaceLogLiterals } from './sql-literals.ts';

/** `log`: lines, each of which may be JSON. `postgresql`: its log. `sql`: JSON that holds statements. */
export type Format = 'json' | 'log' | 'text' | 'postgresql' | 'sql';
export type Input = { path: string; format: Format; text: string };
/** Rule → how often it replaced something. */
export type Counts = Record<string, number>;
export type Redacted = { text: string; counts: Counts };
export type Redactor = (input: Input) => Redacted;

const SECRET_NAME =
  /passw(?:or)?d|passphrase|secret(?!.{0,3}ages)|token|authorization|cookie|api[-_]?key|private[-_]?key|credential/i;
const LONGEST_LINE = 64 * 1024;

/**
 * Takes secrets and personal data out of one file. What is known goes first, in every notation; then what
 * looks like a secret; then what names somebody; last what looks drawn at random. JSON is read and
 * written anew, so that no way of writing a character hides one.
 */
export function createRedactor(known: Known, pseudonyms: Pseudonyms): Redactor {
  const secrets = createFinder(
    known.secrets.flatMap(notationsOf).map((text) => ({ text, by: '[secret]' })),
    false,
  );
  const names = createFinder(namesOf(known, pseudonyms), true);
  const tenants = new Set(known.tenants.map(({ id }) => id.replaceAll('-', '').toLowerCase()));
  const checksums = new Set(known.checksums);
  return ({ format, text }) => {
    const counts: Counts = {};
    const onHit = (rule: string): void => void (counts[rule] = (counts[rule] ?? 0) + 1);
    const clean = (dirty: string): string => {
      let now = secrets.replace(dirty, () => onHit('known-secret'));
      now = replacePem(now, () => onHit('pem'));
      for (const { rule, pattern, by } of SHAPES)
        now = now.replace(pattern, (...found) => {
          const groups = found.slice(1, -2) as string[];
          const made = by.replace(/\$(\d)/g, (_all, index: string) => groups[+index - 1] ?? '');
          if (made !== found[0]) onHit(rule);
          return made;
        });
      now = replacePersonal(now, { pseudonyms, tenants, onHit });
      now = names.replace(now, () => onHit('name'));
      return replaceRandomRuns(now, checksums, () => onHit('random'));
    };
    const literals = (dirty: string): string => replaceLiterals(dirty, () => onHit('sql-literal'));
    const number = (value: number): unknown => {
      const after = secrets.replace(String(value), () => onHit('known-secret'));
      return after === String(value) ? value : after;
    };
    const walk = (value: unknown): unknown => walkJson(value, { clean, number, onHit });
    const readers: Record<Format, () => string> = {
      text: () => clean(text),
      json: () => writeJson(walk(JSON.parse(text))),
      sql: () => writeJson(walk(mapStrings(JSON.parse(text), literals))),
      postgresql: () => clean(replaceLogLiterals(text, () => onHit('sql-literal'))),
      log: () =>
        replacePem(text, () => onHit('pem'))
          .split('\n')
          .map((line) => cleanLine(line, clean, walk))
          .join('\n'),
    };
    return { text: readers[format](), counts };
  };
}

const writeJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function cleanLine(
  line: string,
  clean: (text: string) => string,
  walk: (value: unknown) => unknown,
): string {
  if (line.length > LONGEST_LINE) return `[a line of ${line.length} characters was left out]`;
  // A program's line may stand behind the name of who wrote it.
  const at = line.indexOf('{');
  if (at >= 0 && line.endsWith('}'))
    try {
      return `${clean(line.slice(0, at))}${JSON.stringify(walk(JSON.parse(line.slice(at))))}`;
    } catch {
      // No JSON: a text like any other.
    }
  return clean(line);
}

type Walk = {
  clean: (text: string) => string;
  number: (value: number) => unknown;
  onHit: (rule: string) => void;
};

function walkJson(value: unknown, how: Walk, name = ''): unknown {
  if (typeof value === 'string') {
    if (!SECRET_NAME.test(name) || value === '' || value === '[secret]') return how.clean(value);
    how.onHit('named-secret');
    return '[secret]';
  }
  if (typeof value === 'number') return how.number(value);
  if (Array.isArray(value)) return value.map((inner) => walkJson(inner, how, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [how.clean(key), walkJson(inner, how, key)]),
  );
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapStrings(inner, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, change)]),
  );
}

/** Each in the forms in which it may have been typed and stored. */
export function namesOf(known: Known, pseudonyms: Pseudonyms): Needle[] {
  const named = (text: string, by: string): Needle[] =>
    [...new Set([text, text.normalize('NFC'), text.normalize('NFD')].flatMap(escapedForms))].map(
      (form) => ({
        text: form,
        by,
      }),
    );
  return [
    ...known.tenants.flatMap(({ id, name }) => named(name, pseudonyms('tenant', id))),
    ...known.people.flatMap(({ email, name }) => [
      ...named(name, pseudonyms('person', email)),
      ...named(email, pseudonyms('email', email)),
    ]),
    ...known.hosts.flatMap((host) => named(host, pseudonyms('host', host))),
  ];
}
