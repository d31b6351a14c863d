import { recordOnPlatform } from '../../../audit/index.ts';
import type { RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { sameSeal } from '../../rights/row-seals.ts';
import type { DirectoryPerson } from '../admit-from-directory.ts';
import { listWatched } from '../identities-repo.ts';
import { listActive, type ConnectionRow } from '../repo.ts';
import { hashSubject, sealIdentity, soundConnection } from '../seals.ts';
import { filterOfSubject, findEntry } from './find-person.ts';
import { followPerson } from './follow-person.ts';
import { withDirectory, type Directory } from './open-directory.ts';
import { personOf } from './prove-person.ts';
import { placeOfSubject } from './remember-subject.ts';

/** Asked in one conversation, which has ten seconds. */
const TOGETHER = 100;
/** A directory that has lost so many at once has more likely lost its way: nobody is taken out. */
const FEW = 5;

type Watched = { accountId: string; subject: string };
type Seen = { subject: string; person: DirectoryPerson | null };

/**
 * Asks each directory again for the people who have something open here. One that is down, or that has lost
 * most of its people at once, changes nothing.
 */
export async function recheckDirectories(
  ctx: RequestContext,
  parts: IdentityParts,
  stopping?: AbortSignal,
): Promise<void> {
  for (const row of await ctx.inControl((tx) => listActive(tx, 'ldap'))) {
    if (stopping?.aborted) return;
    const connection = soundConnection(ctx, row);
    if (!connection) continue;
    try {
      await recheck(ctx, { parts, connection, stopping });
    } catch (error) {
      ctx.log.warn('a directory could not be asked for its people again', {
        ...{ connection: connection.id, error },
      });
    }
  }
}

type Round = {
  parts: IdentityParts;
  connection: ConnectionRow;
  stopping: AbortSignal | undefined;
};

async function recheck(ctx: RequestContext, { parts, connection, stopping }: Round): Promise<void> {
  const watched = await listSound(ctx, connection);
  const seen: Seen[] = [];
  for (let at = 0; at < watched.length; at += TOGETHER) {
    stopping?.throwIfAborted();
    const some = watched.slice(at, at + TOGETHER);
    seen.push(...(await withDirectory(ctx, connection, (directory) => look(ctx, directory, some))));
  }
  const gone = seen.filter(({ person }) => person === null).length;
  if (gone >= FEW && gone * 2 > seen.length) {
    ctx.log.error('a directory has lost most of its people at once: nobody was taken out', {
      ...{ connection: connection.id, gone, asked: seen.length },
    });
    await ctx.inControl((tx) =>
      recordOnPlatform(tx, ctx, {
        action: 'directory.follow',
        outcome: 'refused',
        resourceType: 'connection',
        resourceId: connection.id,
        ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
        after: { gone, asked: seen.length },
      }),
    );
    return;
  }
  for (const one of seen) {
    const ended = await ctx.inControl((tx) => followPerson(tx, ctx, { parts, connection, ...one }));
    for (const id of ended) parts.sessions.forget(id);
  }
}

/** Whom the server itself linked, by the id under which the directory knows them. */
async function listSound(ctx: RequestContext, connection: ConnectionRow): Promise<Watched[]> {
  const { id: connectionId } = connection;
  const rows = await ctx.inControl((tx) => listWatched(tx, connectionId));
  if (rows.length === 0) return [];
  const fields = await ctx.openPlatformFields();
  const { pepper } = ctx.platform;
  return rows.flatMap(({ accountId, subject: hash, seal, kept }) => {
    if (!sameSeal(seal, sealIdentity(pepper, { connectionId, subject: hash, accountId })))
      return [];
    if (kept === null) return [];
    const subject = fields.decrypt(placeOfSubject({ connectionId, accountId }), kept);
    // Kept for the place that was asked before: nobody is linked there any more.
    return hashSubject(ctx, connection, subject).equals(hash) ? [{ accountId, subject }] : [];
  });
}

async function look(
  ctx: RequestContext,
  directory: Directory,
  watched: readonly Watched[],
): Promise<Seen[]> {
  await directory.bindAsOwn();
  const seen: Seen[] = [];
  for (const { subject } of watched) {
    const filter = filterOfSubject(directory.settings, subject);
    const found = await findEntry(directory, filter, { domains: [], now: ctx.clock.now() });
    if (found.kind === 'none') seen.push({ subject, person: null });
    // What could not be read or believed says nothing of anybody.
    if (found.kind !== 'one' || found.entry.subject !== subject) continue;
    const { state } = found.entry;
    if (state === 'unreadable') continue;
    const person = state === 'ended' ? null : await personOf(directory, found.entry);
    seen.push({ subject, person });
  }
  return seen;
}

/** Asks all of them every few minutes, until stopped. */
export function keepDirectories(
  ctx: RequestContext,
  parts: IdentityParts,
): { stop(): Promise<void> } {
  let checking = Promise.resolve();
  const stopping = new AbortController();
  const everyMs = ctx.platform.config.CASEMATE_IDENTITY_RECHECK_MINUTES * 60_000;
  const timer = setInterval(() => {
    checking = checking
      .then(() => recheckDirectories(ctx, parts, stopping.signal))
      .catch((error: unknown) =>
        ctx.log.warn('directories could not be asked for their people again', { error }),
      );
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      stopping.abort();
      return checking;
    },
  };
}
