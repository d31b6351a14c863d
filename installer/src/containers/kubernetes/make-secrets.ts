import { randomBytes } from 'node:crypto';
import { Fault } from '../../fault.ts';
import type { ContainerSettings } from '../settings.ts';
import { openSecrets, type SecretData, type SecretStore } from './api.ts';
import { findReason, issuePart, newAuthority, type AuthorityPair } from './issue-part.ts';

/** What the chart asks for; where a site names a secret of its own, it asks for none. */
export type WantedSecret =
  | { name: string; kind: 'seal' | 'token' }
  /** Of an account of the database; `sql` gives it to the account where nobody else does. */
  | { name: string; kind: 'password'; account: string }
  | { name: string; kind: 'tls'; hosts: [string, ...string[]]; client?: boolean };

type Request = {
  authority: string;
  labels: Record<string, string>;
  secrets: readonly WantedSecret[];
};

/**
 * Makes the secrets of an installation that are not there yet, and certificates anew before they end.
 * What was drawn is never drawn again: another seal key would open nothing. The words are one JSON
 * document, the chart's.
 */
export async function makeKubernetesSecrets(
  { kubernetes }: ContainerSettings,
  [words = '{}']: readonly string[],
): Promise<void> {
  if (!kubernetes) throw new Fault('This runs on a cluster only', { code: 'usage' });
  const request = JSON.parse(words) as Request;
  const store = openSecrets(kubernetes.namespace, request.labels);
  const done = await ensureSecrets(store, request, new Date());
  process.stdout.write(`${JSON.stringify(done)}\n`);
}

/** Exported for its tests. Gives what it did, by name. */
export async function ensureSecrets(
  store: SecretStore,
  request: Request,
  now: Date,
): Promise<Record<string, string>> {
  const done: Record<string, string> = {};
  const certified = request.secrets.some(({ kind }) => kind === 'tls');
  const authority = certified ? await ensureAuthoritySecret(store, request.authority, now) : null;
  for (const wanted of request.secrets) {
    const found = await store.find(wanted.name);
    if (wanted.kind === 'tls') {
      if (!authority) continue;
      const reason = findReason(found && decode(found), { wanted, authority, now });
      if (reason === null) continue;
      const data = encode(issuePart({ wanted, authority, now }));
      if (found) await store.replace(wanted.name, data);
      else await store.create(wanted.name, data);
      done[wanted.name] = reason;
    } else if (!found) {
      await store.create(wanted.name, drawn(wanted));
      done[wanted.name] = 'drawn';
    }
  }
  return done;
}

async function ensureAuthoritySecret(
  store: SecretStore,
  name: string,
  now: Date,
): Promise<AuthorityPair> {
  const found = await store.find(name);
  if (found) return decode(found) as AuthorityPair;
  const made = newAuthority(now);
  await store.create(name, encode(made));
  return made;
}

function drawn(wanted: Exclude<WantedSecret, { kind: 'tls' }>): SecretData {
  if (wanted.kind === 'seal') return { 'seal.key': randomBytes(32).toString('base64') };
  const text = randomBytes(32).toString('hex');
  if (!('account' in wanted)) return encode({ token: text });
  const { account } = wanted;
  // eslint-disable-next-line casemate/no-string-built-sql -- a file for psql or an operator: the name is the chart's, the text hexadecimal
  return encode({ password: text, sql: `create role ${account} login password '${text}';\n` });
}

function encode(texts: Record<string, string>): SecretData {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
  );
}

function decode(data: SecretData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([name, text]) => [
      name,
      Buffer.from(text, 'base64').toString('utf8'),
    ]),
  );
}
