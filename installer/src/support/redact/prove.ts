import { makeCanaries } from './canaries.ts';
import { createFinder } from './finder.ts';
import { notationsOf, shortest, type Known } from './known.ts';
import { plantCanaries } from './plant-canaries.ts';
import type { Input, Redactor } from './redactor.ts';

export type Leak = { path: string; what: string };
export type Proof = { kinds: number; planted: number; leaks: readonly Leak[] };

/**
 * The canary test: plants what it made up into a copy of every input and redacts that as the input itself
 * is redacted. A canary that stays is a leak, and so is one that was not there before: then the test saw
 * nothing. `redactorFor` is given what is known of the canaries beside what the appliance knows.
 */
export function proveRedaction(
  inputs: readonly Input[],
  known: Known,
  redactorFor: (known: Known) => Redactor,
): Proof {
  const { list, known: made } = makeCanaries();
  const redactor = redactorFor({
    secrets: [...known.secrets, ...made.secrets],
    tenants: [...known.tenants, ...made.tenants],
    people: [...known.people, ...made.people],
    hosts: [...known.hosts, ...made.hosts],
    checksums: known.checksums,
  });
  const leaks: Leak[] = [];
  let planted = 0;
  for (const input of inputs) {
    const before = plantCanaries(input, list);
    const after = textOf(redactor(before));
    const full = `${before.text}\n${textOf(before)}`;
    for (const { kind, needles } of list)
      for (const needle of needles) {
        planted += 1;
        if (!full.includes(needle) && !full.includes(JSON.stringify(needle).slice(1, -1)))
          leaks.push({ path: input.path, what: `${kind} was not planted: the test is blind` });
        else if (holds(after, needle)) leaks.push({ path: input.path, what: kind });
      }
  }
  return { kinds: list.length, planted, leaks };
}

const holds = (text: string, needle: string): boolean =>
  text.toLowerCase().includes(needle.toLowerCase()) ||
  text.includes(JSON.stringify(needle).slice(1, -1));

/** As it stands, and with what JSON writes otherwise read, twice: nothing hides behind a notation. */
function textOf({ text }: { text: string }): string {
  const once = unescape(text);
  return [text, once, unescape(once)].join('\n');
}

const unescape = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_all, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\\(["\\/])/g, '$1');

/** Looks through what will be written for everything that the appliance knows: the last look. */
export function sweep(files: readonly { path: string; text: string }[], known: Known): Leak[] {
  const needles = (texts: readonly string[]) =>
    texts.filter((text) => text.length >= shortest).map((text) => ({ text, by: '' }));
  const kinds = [
    { what: 'a secret', fold: false, texts: known.secrets.flatMap(notationsOf) },
    {
      what: 'the name or id of a tenant',
      fold: true,
      texts: known.tenants.flatMap(({ id, name }) => [name, id, id.replaceAll('-', '')]),
    },
    {
      what: 'the name or e-mail of a person',
      fold: true,
      texts: known.people.flatMap(({ email, name }) => [email, name]),
    },
    { what: 'the name of this host', fold: true, texts: [...known.hosts] },
  ].map(({ what, fold, texts }) => ({ what, finder: createFinder(needles(texts), fold) }));
  return files.flatMap((file) => {
    const text = wordsOf(file).replace(OURS, ' ');
    return kinds.flatMap(({ what, finder }) =>
      finder.finds(text) ? [{ path: file.path, what }] : [],
    );
  });
}

/** What the redactor wrote itself, and the words of JSON: a tenant may be called "phone", or "true". */
const OURS =
  /\b(?:tenant|id|email|person|ip|host|user)-[0-9a-f]{10}\b|\[(?:secret|random|hash|pem|phone|ciphertext|hardware address)\]|\b(?:true|false|null)\b/g;

function wordsOf(file: { path: string; text: string }): string {
  if (!file.path.endsWith('.json')) return textOf(file);
  const words: string[] = [];
  JSON.parse(file.text, (key, value: unknown) => {
    words.push(key);
    if (typeof value === 'string' || typeof value === 'number') words.push(String(value));
    return value;
  });
  return words.join('\n');
}
