import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../../platform/index.ts';
import type { DirectoryPerson } from '../admit-from-directory.ts';
import { domainOf } from '../policy.ts';
import { listDomains, type ConnectionRow } from '../repo.ts';
import { isProven } from '../seals.ts';
import { fillFilter } from './fill-filter.ts';
import { findEntry, type Entry } from './find-person.ts';
import { withDirectory, type Directory } from './open-directory.ts';
import { readGroups } from './read-groups.ts';

/** Why somebody was not taken for whom they say they are. */
export type Doubt =
  | 'other_domain'
  | 'unknown'
  | 'several'
  | 'unsound'
  | 'wrong_password'
  | 'account_ended'
  | 'must_change'
  | 'unreadable';
export type Proof =
  | { kind: 'person'; person: DirectoryPerson; entry: Entry }
  | { kind: 'doubt'; doubt: Doubt; entry: Entry | null };

type Claim = {
  email: string;
  /** Null: who it would be is looked up, and nothing is shown. */
  password: string | null;
  /** Told who it is that a password is tried of; what it throws ends the try before it. */
  beforeTry?: (subject: string) => Promise<void>;
};

/**
 * Asks the directory who has this address, and whether the password is theirs. A password is tried whether
 * there is such a person or not, so that both take the same way. Throws unavailable.
 */
export async function provePerson(
  ctx: RequestContext,
  connection: ConnectionRow,
  claim: Claim,
): Promise<Proof> {
  const doubt = (why: Doubt, entry: Entry | null = null): Proof => ({
    ...{ kind: 'doubt', doubt: why, entry },
  });
  const domains = await listOwn(ctx, connection);
  if (!domains.includes(domainOf(claim.email))) return doubt('other_domain');
  return withDirectory(ctx, connection, async (directory) => {
    await directory.bindAsOwn();
    const filter = fillFilter(directory.settings.personFilter, claim.email);
    const search = await findEntry(directory, filter, { domains, now: ctx.clock.now() });
    const entry = search.kind === 'one' ? search.entry : null;
    if (entry) await claim.beforeTry?.(entry.subject);
    const outcome = await tryPassword(directory, entry, claim.password);
    if (search.kind !== 'one') return doubt(search.kind === 'none' ? 'unknown' : search.kind);
    if (outcome === 'wrong') return doubt('wrong_password', search.entry);
    const { state } = search.entry;
    if (state === 'ended') return doubt('account_ended', entry);
    if (state === 'unreadable') return doubt('unreadable', entry);
    if (outcome === 'must_change' || state === 'must_change') return doubt('must_change', entry);
    // What the person may read of groups is less than what this account may.
    if (claim.password !== null) await directory.bindAsOwn();
    return {
      kind: 'person',
      person: await personOf(directory, search.entry),
      entry: search.entry,
    };
  });
}

/** The connection's domains that its owner has shown to be theirs: of no others is anybody looked for. */
async function listOwn(ctx: RequestContext, connection: ConnectionRow): Promise<string[]> {
  const rows = await ctx.inControl((tx) => listDomains(tx, connection.tenantId));
  const proven = rows.filter((row) => isProven(ctx, row)).map(({ domain }) => domain);
  return connection.domains.filter((domain) => proven.includes(domain));
}

/** What the directory says of somebody whose entry was found. */
export async function personOf(directory: Directory, entry: Entry): Promise<DirectoryPerson> {
  const { subject, email, name } = entry;
  const emailVouched = email !== null && directory.settings.mailVouched;
  return { subject, email, emailVouched, name, groups: await readGroups(directory, entry) };
}

async function tryPassword(
  directory: Directory,
  entry: Entry | null,
  password: string | null,
): ReturnType<Directory['bindAs']> {
  if (password === null) return 'right';
  return directory.bindAs(entry?.dn ?? nobody(directory), password);
}

/** Who is not there: a name that nobody has, in the place where people are. */
function nobody({ settings }: Directory): string {
  return `cn=${randomUUID()},${settings.base}`;
}
