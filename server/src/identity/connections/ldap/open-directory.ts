import { Client, PasswordPolicyControl, ResultCodeError, type Entry, type Filter } from 'ldapts';
import type { Socket } from 'node:net';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import { openSecret } from '../open-secret.ts';
import type { ConnectionRow } from '../repo.ts';
import { FramedSocket } from './framed-socket.ts';
import { ldapSettings, type LdapSettings } from './ldap-settings.ts';
import { openSocket } from './open-socket.ts';

const WHOLE_MS = 10_000;
const SEARCH_SECONDS = 5;
const BOUNDS = { messageBytes: 512 * 1024, messages: 5_000, bytes: 4 * 1024 * 1024 };

/** An entry as it was sent: names of attributes in lower case, without options. */
export type Found = { dn: string; attributes: ReadonlyMap<string, readonly (string | Buffer)[]> };
export type Asked = { base: string; filter: Filter; attributes: readonly string[]; most: number };
/** `must_change`: it is the right password, and good for nothing before it is changed. */
export type BindOutcome = 'right' | 'wrong' | 'must_change';

export type Directory = {
  readonly settings: LdapSettings;
  /** As the account that may search. */
  bindAsOwn(): Promise<void>;
  /** As somebody who says that they are this entry. Throws invalid_input for an empty password. */
  bindAs(dn: string, password: string): Promise<BindOutcome>;
  /** Below a base; no referral is followed. More than `most` are never given. */
  search(asked: Asked): Promise<Found[]>;
};

/**
 * Talks to the directory of a connection, in ten seconds at most. What goes wrong on the way is `unavailable`;
 * the password of the account that searches is opened for this alone.
 */
export async function withDirectory<T>(
  ctx: RequestContext,
  connection: ConnectionRow,
  talk: (directory: Directory) => Promise<T>,
): Promise<T> {
  const settings = ldapSettings.parse(connection.settings);
  const secret = await openSecret(ctx, connection.id);
  if (secret === null || secret === '')
    throw new AppError('not_allowed_now', 'The connection has no password for its own account yet');
  const signal = AbortSignal.timeout(WHOLE_MS);
  const place = `${settings.host}:${settings.port}`;
  const socket = await openSocket(ctx.platform.config, settings, signal).catch((cause: unknown) => {
    throw faultOf(cause, place);
  });
  const framed = new FramedSocket(socket, BOUNDS);
  const onAbort = (): void => void framed.destroy(new Error('no answer in time'));
  signal.addEventListener('abort', onAbort);
  const client = openClient(framed);
  try {
    return await talk(directoryOf(client, settings, secret));
  } catch (cause) {
    throw faultOf(cause, place);
  } finally {
    signal.removeEventListener('abort', onAbort);
    framed.destroy();
  }
}

/** The library on a connection that is there; it opens none of its own, and again none when this one ends. */
function openClient(framed: FramedSocket): Client {
  let given = false;
  return new Client({
    url: 'ldap://directory.invalid',
    timeout: WHOLE_MS,
    createConnection: () => {
      if (given) throw new Error('the directory ended the connection');
      given = true;
      // Typed as a whole Socket, of which the library uses what a Duplex has, and the two states that this one has.
      return framed as unknown as Socket;
    },
  });
}

function directoryOf(client: Client, settings: LdapSettings, secret: string): Directory {
  return {
    settings,
    bindAsOwn: async () => {
      try {
        await client.bind(settings.bindDn, secret);
      } catch (cause) {
        if (!isRefused(cause)) throw cause;
        throw new AppError(
          'unavailable',
          'The directory refuses the account that searches: its name, its password or its rights',
          { cause },
        );
      }
    },
    bindAs: (dn, password) => bindAs(client, settings, { dn, password }),
    search: async ({ base, filter, attributes, most }) => {
      const { searchEntries } = await client.search(base, {
        ...{ scope: 'sub', derefAliases: 'never', filter },
        ...{ sizeLimit: most, timeLimit: SEARCH_SECONDS },
        attributes: [...attributes],
        explicitBufferAttributes: ['objectGUID'],
      });
      return searchEntries.slice(0, most).map(foundOf);
    },
  };
}

async function bindAs(
  client: Client,
  { directory }: LdapSettings,
  { dn, password }: { dn: string; password: string },
): Promise<BindOutcome> {
  // An empty password, or an empty name, is no proof: a directory says yes to both (RFC 4513, 5.1.2).
  if (password === '' || password.includes('\0') || !dn.includes('='))
    throw new AppError('invalid_input', 'A password is needed');
  const policy = directory === 'standard' ? new PasswordPolicyControl() : undefined;
  try {
    await client.bind(dn, password, policy);
  } catch (cause) {
    if (isRefused(cause)) return 'wrong';
    throw cause;
  }
  return policy?.value?.error === undefined ? 'right' : 'must_change';
}

/** Results that say no to who binds (RFC 4511, A.2): others are faults of the directory. */
const REFUSED: readonly number[] = [19, 32, 34, 48, 49, 50, 53];

function isRefused(error: unknown): boolean {
  return error instanceof ResultCodeError && REFUSED.includes(error.code);
}

function foundOf({ dn, ...entry }: Entry): Found {
  const attributes = new Map<string, (string | Buffer)[]>();
  for (const [name, value] of Object.entries(entry)) {
    const [type = '', ...options] = name.toLowerCase().split(';');
    // A part of many values (`range=0-1499`) must not pass for all of them.
    if (options.some((one) => one.startsWith('range=')))
      throw new Error(`the directory sends ${type} in parts`);
    attributes.set(type, [...(attributes.get(type) ?? []), ...[value].flat()]);
  }
  return { dn, attributes };
}

function faultOf(cause: unknown, place: string): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError(
    'unavailable',
    `The directory at ${place} does not answer as it should. Try again in a minute; if it stays so, an administrator looks at docs/single-sign-on.md`,
    { cause },
  );
}
