import type { z } from 'zod';
import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  newId,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import { keepingAdmins } from '../groups/keep-admins.ts';
import type { IdentityParts } from '../parts.ts';
import { lockTeam } from '../team/repo.ts';
import { dropFormerConsents } from './consents.ts';
import { requireListedHost } from './listed-host.ts';
import { placesOf } from './places-of.ts';
import type { Mapping } from './policy.ts';
import {
  endSessionsOf,
  findConnection,
  insertConnection,
  listConnections,
  listDomains,
  lockConnection,
  putSecret,
  removeConnection,
  updateConnection,
  type ConnectionRow,
  type ConnectionState,
} from './repo.ts';
import { requireProvider } from './saml/open-saml.ts';
import { makeOwnKey } from './saml/own-key.ts';
import { inOneOrder, isProven, sealConnection, soundConnection } from './seals.ts';
import { placeOfSecret } from './secret-place.ts';
import { settingsOf, type connectionKind, type connectionSettings } from './settings.ts';

/** A tenant, or with null the platform: it sees and changes its own connections alone. */
export type Owner = { tenantId: string | null };

export type ConnectionWish = {
  kind: z.output<typeof connectionKind>;
  settings: z.output<typeof connectionSettings>;
  name: string;
  /** Absent: as it is. */
  secret?: string | undefined;
  domains: string[];
  mappings: Mapping[];
  defaultRole: TenantRole | null;
  justInTime: boolean;
};

/** The connections of an owner; `sound` is false of one that the server did not write, which opens nothing. */
export async function listOwnConnections(
  ctx: RequestContext,
  { tenantId }: Owner,
): Promise<(ConnectionRow & { sound: boolean })[]> {
  const rows = await ctx.inControl((tx) => listConnections(tx, tenantId));
  return rows.map((row) => ({ ...row, sound: soundConnection(ctx, row) !== undefined }));
}

/** Throws not_found for another's. */
export async function findOwn(
  tx: ControlTx,
  { tenantId }: Owner,
  id: string,
): Promise<ConnectionRow> {
  const row = await findConnection(tx, id);
  if (!row || row.tenantId !== tenantId) throw new AppError('not_found', 'No such connection');
  return row;
}

type Parts = Pick<IdentityParts, 'rights'>;

const MOST = 50;

/** A draft: nobody comes in by it before it is made active. */
export async function createConnection(
  ctx: RequestContext,
  { tenantId }: Owner,
  wish: ConnectionWish,
): Promise<ConnectionRow> {
  const id = newId();
  const secret = await encrypted(ctx, id, await firstSecret(ctx, wish));
  return ctx.inControl(async (tx) => {
    if ((await listConnections(tx, tenantId)).length >= MOST)
      throw new AppError('not_allowed_now', `There are ${MOST} connections already`);
    const facts = { ...rowOf(wish), id, tenantId, state: 'draft' as const };
    if (tenantId === null) await requireOwnDomains(tx, ctx, facts);
    await insertConnection(tx, { ...facts, seal: sealConnection(ctx, facts) });
    if (secret !== null) await putSecret(tx, { connectionId: id, value: secret });
    await record(tx, ctx, { action: 'connection.create', connection: { id, tenantId } });
    return findOwn(tx, { tenantId }, id);
  });
}

/** What changes whom it believes ends the sessions that it opened. */
export async function updateOwnConnection(
  ctx: RequestContext,
  owner: Owner,
  { id, ...wish }: ConnectionWish & { id: string },
): Promise<ConnectionRow> {
  const secret = await encrypted(ctx, id, givenSecret(wish));
  return ctx.inControl(async (tx) => {
    await lockConnection(tx, id);
    const held = await findOwn(tx, owner, id);
    const { kind, tenantId } = held;
    if (kind !== wish.kind)
      throw new AppError('not_allowed_now', 'A connection stays of its kind: make another one');
    if (secret === null) requireSecretAgain(held, rowOf(wish).settings);
    // What somebody else wrote beside these settings, its state, is not believed by saving them.
    const state = soundConnection(ctx, held) ? held.state : 'off';
    const facts = { ...rowOf(wish), id, tenantId, state };
    if (state === 'active') await requireUsable(tx, ctx, facts);
    else if (tenantId === null) await requireOwnDomains(tx, ctx, facts);
    await updateConnection(tx, { ...facts, seal: sealConnection(ctx, facts) });
    if (secret !== null) await putSecret(tx, { connectionId: id, value: secret });
    if (tenantId === null) await dropFormerConsents(tx, ctx, await findOwn(tx, owner, id));
    const moved = inOneOrder(facts.settings) !== inOneOrder(held.settings);
    const ended =
      moved || secret !== null
        ? await endSessionsOf(tx, { connectionId: id, reason: 'connection' })
        : 0;
    await record(tx, ctx, { action: 'connection.update', connection: facts, after: { ended } });
    return findOwn(tx, owner, id);
  });
}

/** Switched off, it lets nobody in, and whom it let in is out within seconds. */
export async function setConnectionState(
  ctx: RequestContext,
  parts: Parts,
  { owner, id, state }: { owner: Owner; id: string; state: ConnectionState },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockConnection(tx, id);
    const row = await findOwn(tx, owner, id);
    if (row.state === state) return;
    if (state === 'active') await mayBeActive(tx, ctx, row);
    const facts = { ...row, state };
    // One that somebody else wrote goes off, and stays one that somebody else wrote.
    const seal = soundConnection(ctx, row) ? sealConnection(ctx, facts) : row.seal;
    const change = (): Promise<void> => updateConnection(tx, { ...facts, seal });
    await (state === 'active' ? change() : leavingAWay(tx, ctx, { parts, owner, change }));
    const ended =
      state === 'active' ? 0 : await endSessionsOf(tx, { connectionId: id, reason: 'connection' });
    const action = `connection.${state === 'active' ? 'activate' : 'stop'}`;
    await record(tx, ctx, { action, connection: row, after: { ended } });
  });
}

export async function removeOwnConnection(
  ctx: RequestContext,
  parts: Parts,
  { owner, id }: { owner: Owner; id: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockConnection(tx, id);
    const row = await findOwn(tx, owner, id);
    const ended = await endSessionsOf(tx, { connectionId: id, reason: 'connection' });
    const change = (): Promise<void> => removeConnection(tx, id);
    await leavingAWay(tx, ctx, { parts, owner, change });
    await record(tx, ctx, { action: 'connection.remove', connection: row, after: { ended } });
  });
}

type Leaving = { parts: Parts; owner: Owner; change: () => Promise<void> };

/**
 * A tenant keeps a way in. What the platform takes away is not held up by it: the emergency account of
 * a tenant, which it keeps, comes in still.
 */
async function leavingAWay(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, owner: { tenantId }, change }: Leaving,
): Promise<void> {
  if (tenantId === null) return change();
  await lockTeam(tx, tenantId);
  await keepingAdmins(tx, ctx, { parts, tenantId, change });
}

/** By kind: to where, and for whom, the secret of a connection is shown. */
const PLACE_OF_SECRET: Readonly<Record<ConnectionRow['kind'], readonly string[]>> = {
  ldap: ['host', 'port', 'security', 'bindDn'],
  oidc: ['issuer', 'client'],
  // Signs with certificates of the provider; nothing of it is sent.
  saml: [],
};

/**
 * A secret that is kept goes to the place, and for the account, that it was given for. Whoever names another
 * one gives it again, and can't have it sent to a host of their own.
 */
function requireSecretAgain(
  { kind, settings: before, hasSecret }: ConnectionRow,
  after: Record<string, unknown>,
): void {
  const told = PLACE_OF_SECRET[kind];
  if (!hasSecret || told.every((one) => before[one] === after[one])) return;
  throw new AppError(
    'not_allowed_now',
    'Its secret goes to another place or for another account then: give it again',
  );
}

async function mayBeActive(tx: ControlTx, ctx: RequestContext, row: ConnectionRow): Promise<void> {
  if (!soundConnection(ctx, row))
    throw new AppError(
      'not_allowed_now',
      'Somebody changed this connection in the database: look at its settings and save them first',
    );
  if (row.kind === 'ldap' && !row.hasSecret)
    throw new AppError('not_allowed_now', 'Give the password of the account that searches first');
  await requireUsable(tx, ctx, row);
}

async function requireUsable(
  tx: ControlTx,
  ctx: RequestContext,
  facts: Pick<ConnectionRow, 'kind' | 'settings' | 'tenantId' | 'domains'>,
): Promise<void> {
  for (const place of placesOf(facts)) requireListedHost(ctx.platform.config, place);
  if (facts.kind === 'saml') requireProvider(facts.settings, ctx.clock.now());
  await requireOwnDomains(tx, ctx, facts);
}

async function requireOwnDomains(
  tx: ControlTx,
  ctx: RequestContext,
  { tenantId, domains }: Pick<ConnectionRow, 'tenantId' | 'domains'>,
): Promise<void> {
  const proven = (await listDomains(tx, tenantId)).filter((one) => isProven(ctx, one));
  if (domains.some((domain) => proven.some((one) => one.domain === domain))) return;
  throw new AppError(
    'not_allowed_now',
    'Nobody could come in by it: name an e-mail domain that was shown to be yours first',
  );
}

function rowOf(
  wish: ConnectionWish,
): Pick<
  ConnectionRow,
  'kind' | 'name' | 'settings' | 'domains' | 'mappings' | 'defaultRole' | 'justInTime'
> {
  const { kind, name, domains, mappings, defaultRole, justInTime } = wish;
  const settings = settingsOf(kind, wish.settings);
  return { kind, name, settings, domains, mappings, defaultRole, justInTime };
}

/** What a new connection keeps to itself: one of SAML makes its own key. */
async function firstSecret(
  { clock }: RequestContext,
  wish: ConnectionWish,
): Promise<string | undefined> {
  const given = givenSecret(wish);
  return wish.kind === 'saml' ? JSON.stringify(await makeOwnKey(clock.now())) : given;
}

function givenSecret({ kind, secret }: ConnectionWish): string | undefined {
  if (kind === 'saml' && secret !== undefined)
    throw new AppError('invalid_input', 'A SAML connection makes its own key: send no secret');
  return secret;
}

async function encrypted(
  ctx: RequestContext,
  connectionId: string,
  secret: string | undefined,
): Promise<string | null> {
  if (secret === undefined) return null;
  const fields = await ctx.openPlatformFields();
  return fields.encrypt(placeOfSecret(connectionId), secret);
}

type Recorded = {
  action: string;
  connection: { id: string; tenantId: string | null };
  after?: Record<string, unknown>;
};

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, connection, after }: Recorded,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'connection',
    resourceId: connection.id,
    ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
    ...(after ? { after } : {}),
  });
}
