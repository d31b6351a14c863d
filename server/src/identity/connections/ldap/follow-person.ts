import { recordOnPlatform } from '../../../audit/index.ts';
import type { ControlTx, RequestContext } from '../../../platform/index.ts';
import { actingAs, changeRole, rulesOf, type DirectoryPerson } from '../admit-from-directory.ts';
import { findKnown, type Parts } from '../known-person.ts';
import {
  decideAdmission,
  type ConnectionRules,
  type KnownAccount,
  type RoleChange,
} from '../policy.ts';
import {
  endProviderSessions,
  findConnection,
  lockConnection,
  type ConnectionRow,
} from '../repo.ts';
import { hashSubject, soundConnection } from '../seals.ts';

export type Followed = {
  parts: Parts;
  connection: ConnectionRow;
  subject: string;
  /** As the directory has them now; null: they are gone from it, or disabled. */
  person: DirectoryPerson | null;
};

/**
 * Does what a directory says of somebody who is linked, without their coming: other groups are another role;
 * whoever is gone or disabled loses what the connection gives, and their sessions by it end. The last
 * administrator of a tenant keeps the role. Gives the sessions that ended.
 */
export async function followPerson(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, connection: named, subject, person }: Followed,
): Promise<string[]> {
  await lockConnection(tx, named.id);
  const connection = soundConnection(ctx, await findConnection(tx, named.id));
  // Somebody switched it off meanwhile, or pointed it elsewhere.
  if (connection?.state !== 'active' || !connection.seal.equals(named.seal)) return [];
  const hash = hashSubject(ctx, connection, subject);
  const email = person?.email ?? null;
  const found = await findKnown(tx, ctx, { parts, connection, subject: hash, email });
  const { linked } = found.known;
  if (!linked || !found.account || linked.state !== 'active' || !linked.trusted) return [];
  const rules = await rulesOf(tx, ctx, connection);
  const decision = person
    ? decideAdmission(rules, person, found.known)
    : { outcome: 'refused', ...leaving(rules, linked) };
  const { account } = found;
  const acting = actingAs(ctx, account);
  for (const change of decision.changes) await changeRole(tx, acting, { parts, account, change });
  const ended =
    decision.outcome === 'refused'
      ? await endProviderSessions(tx, {
          ...{ connectionId: connection.id, providerSession: null, accountId: account.id },
        })
      : [];
  if (decision.changes.length + ended.length > 0)
    await recordOnPlatform(tx, acting, {
      action: 'directory.follow',
      resourceType: 'account',
      resourceId: account.auditId,
      ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
      after: {
        ...{ connection: connection.id, gone: person === null, ended: ended.length },
        ...(decision.keptAdminOf.length > 0 ? { keptAdminOf: [...decision.keptAdminOf] } : {}),
      },
    });
  return ended;
}

/** Everything that the connection's tenants have of somebody, but the last administrator's role. */
function leaving(
  { tenantId, mappings, letIn }: ConnectionRules,
  { memberships, lastAdminOf }: KnownAccount,
): { changes: RoleChange[]; keptAdminOf: string[] } {
  const own = new Set(tenantId === null ? mappings.map((one) => one.tenantId) : [tenantId]);
  const held = memberships.filter((one) => own.has(one.tenantId) && letIn.includes(one.tenantId));
  const keptAdminOf = held
    .filter((one) => one.role === 'admin' && lastAdminOf.includes(one.tenantId))
    .map((one) => one.tenantId);
  const changes = held
    .filter((one) => !keptAdminOf.includes(one.tenantId))
    .map((one) => ({ tenantId: one.tenantId, from: one.role, role: null }));
  return { changes, keptAdminOf };
}
