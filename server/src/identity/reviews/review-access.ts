import { createHash } from 'node:crypto';
import { allowedTo } from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  newId,
  type ControlTx,
  type RequestContext,
  type TokenPepper,
} from '../../platform/index.ts';
import { listKeys } from '../api-keys/repo.ts';
import { soundGroup, soundMember } from '../groups/group-seals.ts';
import { listGroupRows, listMemberRows } from '../groups/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { sameSeal } from '../rights/row-seals.ts';
import { trustedStanding } from '../standing/trusted-standing.ts';
import { listVisitRows } from '../visits/repo.ts';
import { entriesAsCsv, type Entry } from './entry.ts';
import { insertReview, listHolderRows, listReviewRows, type ReviewRow } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights'>;

export type AccessReview = {
  entries: Entry[];
  csv: string;
  /** SHA-256 of what is had, in hexadecimal digits; when somebody was last seen is not part of it. */
  digest: string;
  reviews: {
    reviewer: string;
    reviewedAt: Date;
    note: string;
    entries: number;
    current: boolean;
  }[];
};

/** Who has what in the tenant; that somebody looked is in the audit log. */
export async function reviewAccess(
  ctx: RequestContext,
  parts: Parts,
  tenantId: string,
): Promise<AccessReview> {
  return ctx.inControl(async (tx) => {
    const entries = await listEntries(tx, ctx, { parts, tenantId });
    const digest = digestOf(entries);
    const { pepper } = ctx.platform;
    const rows = (await listReviewRows(tx, tenantId)).filter((row) =>
      sameSeal(row.seal, sealOfReview(pepper, row)),
    );
    await recordOnPlatform(tx, ctx, {
      action: 'access_review.export',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      after: { entries: entries.length },
    });
    return {
      entries,
      csv: entriesAsCsv(entries),
      digest: digest.toString('hex'),
      reviews: rows.map((row) => ({
        reviewer: row.reviewer ?? 'somebody who is gone',
        reviewedAt: row.reviewedAt,
        note: row.note,
        entries: row.entries,
        current: row.digest.equals(digest),
      })),
    };
  });
}

/**
 * Keeps that the actor found right what they saw.
 *
 * @throws AppError not_allowed_now when it is not what they saw any more
 */
export async function signReview(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, digest, note }: { tenantId: string; digest: string; note: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const entries = await listEntries(tx, ctx, { parts, tenantId });
    const now = digestOf(entries);
    if (now.toString('hex') !== digest)
      throw new AppError('not_allowed_now', 'Something changed since you looked; look once more');
    const review = {
      ...{ id: newId(), tenantId, reviewedBy: ctx.actor.accountId ?? '', note, digest: now },
      entries: entries.length,
    };
    const seal = sealOfReview(ctx.platform.pepper, review);
    await insertReview(tx, { ...review, seal });
    await recordOnPlatform(tx, ctx, {
      action: 'access_review.sign',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      after: { entries: entries.length, digest },
    });
  });
}

type Of = { parts: Parts; tenantId: string };

async function listEntries(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  { parts, tenantId }: Of,
): Promise<Entry[]> {
  const groups = (await listGroupRows(tx, tenantId)).filter((row) => soundGroup(pepper, row));
  const members = (await listMemberRows(tx, { tenantId })).filter((row) =>
    soundMember(pepper, row),
  );
  const groupsOf = (accountId: string): string[] =>
    groups
      .filter(({ id }) => members.some((one) => one.groupId === id && one.accountId === accountId))
      .map(({ name }) => name);
  const holders = (await listHolderRows(tx, tenantId)).map((row): Entry => {
    const standing = trustedStanding(parts.rights, row, row.standing);
    const person = row.kind === 'person';
    return {
      kind: person ? 'person' : 'service account',
      name: row.name,
      email: person ? row.email : '',
      state: standing ? row.state : 'not written by the server',
      role: standing?.role ?? 'none',
      level: standing?.level ?? null,
      customRoles: standing ? row.standing.custom.map(({ name }) => name) : [],
      groups: groupsOf(row.accountId),
      permissions: standing ? allowedTo(standing).permissions : [],
      secondFactor: person ? row.factors : null,
      source: row.source,
      lastSeen: row.lastSignIn?.toISOString() ?? null,
      expiresAt: null,
    };
  });
  return [...holders, ...(await keyEntries(tx, tenantId)), ...(await visitEntries(tx, tenantId))];
}

async function keyEntries(tx: ControlTx, tenantId: string): Promise<Entry[]> {
  const keys = await listKeys(tx, { tenantId, accountId: null });
  const live = keys.filter(({ revokedAt, expiresAt }) => !revokedAt && expiresAt > new Date());
  return live.map((key) => ({
    ...blank,
    kind: 'API key',
    name: `${key.name} (…${key.hint}) of ${key.owner.name}`,
    state: 'active',
    permissions: key.scopes.toSorted(),
    lastSeen: key.lastUsedAt?.toISOString() ?? null,
    expiresAt: key.expiresAt.toISOString(),
  }));
}

async function visitEntries(tx: ControlTx, tenantId: string): Promise<Entry[]> {
  const open = (await listVisitRows(tx, tenantId)).filter(({ phase }) => phase === 'open');
  return open.map((visit) => ({
    ...blank,
    kind: 'visit',
    name: visit.visitor,
    email: visit.email,
    state: 'open',
    role: 'visitor',
    source: 'platform',
    expiresAt: visit.expiresAt === null ? null : new Date(visit.expiresAt).toISOString(),
  }));
}

const blank = {
  ...{ email: '', role: '', level: null, customRoles: [], groups: [], permissions: [] },
  ...{ secondFactor: null, source: 'local', lastSeen: null, expiresAt: null },
};

function digestOf(entries: readonly Entry[]): Buffer {
  const had = entries.map(({ lastSeen: _, ...entry }) => Object.values(entry));
  return createHash('sha256').update(JSON.stringify(had)).digest();
}

function sealOfReview(
  pepper: TokenPepper,
  review: Pick<ReviewRow, 'id' | 'tenantId' | 'reviewedBy' | 'note' | 'digest' | 'entries'>,
): Buffer {
  const { id, tenantId, reviewedBy, note, digest, entries } = review;
  const facts = [id, tenantId, reviewedBy, note, digest.toString('hex'), entries];
  return pepper.mac('access-review', JSON.stringify(facts));
}
