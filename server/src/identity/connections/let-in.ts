import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import { keepingAdmins } from '../groups/keep-admins.ts';
import type { IdentityParts } from '../parts.ts';
import { sealOfConsent } from '../rights/row-seals.ts';
import { lockTeam } from '../team/repo.ts';
import { listConsentRows, putConsent, removeConsent } from './consents-repo.ts';
import { isLetIn, termsOf } from './consents.ts';
import { placesOf } from './places-of.ts';
import { findConnection, listConnections, lockConnection, type ConnectionRow } from './repo.ts';
import { soundConnection } from './seals.ts';

/** A connection of the platform, as a tenant sees it. */
export type Asking = Pick<ConnectionRow, 'id' | 'kind' | 'name' | 'domains' | 'justInTime'> & {
  hosts: string[];
  mappings: { group: string; role: TenantRole }[];
  /** What is said yes to, in hexadecimal digits. */
  terms: string;
  /** `changed`: the tenant said yes to something else. */
  state: 'asks' | 'let_in' | 'changed';
};

type Of = { tenantId: string; connectionId: string };

/** The active connections of the platform, each with what it would give in this tenant. */
export async function listAsking(ctx: RequestContext, tenantId: string): Promise<Asking[]> {
  const { rows, consents } = await ctx.inControl(async (tx) => ({
    rows: await listConnections(tx, null),
    consents: await listConsentRows(tx, { tenantId }),
  }));
  return rows
    .filter((row) => row.state === 'active' && soundConnection(ctx, row))
    .map((row) => {
      const { id, kind, name, domains, justInTime, mappings } = row;
      const consent = consents.find(({ connectionId }) => connectionId === id);
      return {
        ...{ id, kind, name, domains, justInTime },
        hosts: [...new Set(placesOf(row).map(({ host }) => host))],
        mappings: mappings
          .filter((one) => one.tenantId === tenantId)
          .map(({ group, role }) => ({ group, role })),
        terms: termsOf(ctx, row, tenantId).toString('hex'),
        state: isLetIn(ctx, row, consent) ? 'let_in' : consent ? 'changed' : 'asks',
      };
    });
}

/** The word of the tenant's administrator, for what they saw. Throws changed_meanwhile. */
export async function letIn(
  ctx: RequestContext,
  { tenantId, connectionId, terms }: Of & { terms: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const row = await findAsking(tx, ctx, { tenantId, connectionId });
    const now = termsOf(ctx, row, tenantId);
    if (now.toString('hex') !== terms)
      throw new AppError('changed_meanwhile', 'It asks for something else now: look at it again');
    const consent = { connectionId, tenantId, terms: now };
    await putConsent(tx, { ...consent, seal: sealOfConsent(ctx.platform.pepper, consent) });
    await record(tx, ctx, { action: 'connection.let_in', tenantId, connectionId });
  });
}

/** Takes the word back: within two seconds whoever came by it is out of the tenant, and keeps their role. */
export async function shutOut(
  ctx: RequestContext,
  parts: Pick<IdentityParts, 'rights'>,
  { tenantId, connectionId }: Of,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockConnection(tx, connectionId);
    refuseOwn(await findConnection(tx, connectionId), tenantId);
    await lockTeam(tx, tenantId);
    const change = (): Promise<boolean> => removeConsent(tx, { connectionId, tenantId });
    if (!(await keepingAdmins(tx, ctx, { parts, tenantId, change })))
      throw new AppError('not_found', 'Your tenant let no such connection in');
    await record(tx, ctx, { action: 'connection.shut_out', tenantId, connectionId });
  });
}

async function findAsking(
  tx: ControlTx,
  ctx: RequestContext,
  { tenantId, connectionId }: Of,
): Promise<ConnectionRow> {
  await lockConnection(tx, connectionId);
  const found = await findConnection(tx, connectionId);
  refuseOwn(found, tenantId);
  const row = soundConnection(ctx, found);
  if (row?.tenantId !== null || row.state !== 'active')
    throw new AppError('not_found', 'The platform has no such connection');
  return row;
}

/** A tenant's own connection needs nobody's yes. */
function refuseOwn(row: ConnectionRow | undefined, tenantId: string): void {
  if (row?.tenantId !== tenantId) return;
  throw new AppError(
    'not_allowed_now',
    'This connection is your own: switch it on or off under Connections',
  );
}

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, tenantId, connectionId }: Of & { action: string },
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'connection',
    resourceId: connectionId,
    tenantId,
  });
}
