import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { listAllConnections, listProvenDomains } from '../connections/repo.ts';
import { listAllIdentities } from '../connections/identities-repo.ts';
import { isProven, isSoundIdentity, soundConnection } from '../connections/seals.ts';
import { soundGroup, soundMember, soundOwn } from '../groups/group-seals.ts';
import type { Given } from '../groups/policy.ts';
import { listInvitations } from '../invitations/repo.ts';
import { sealInvitation } from '../invitations/sound-invitation.ts';
import { soundDirectoryUser } from '../scim/directory-seal.ts';
import {
  sameSeal,
  sealOfConsent,
  sealOfCustomRole,
  sealOfFactorRule,
  sealOfFeatureLevels,
  sealOfSignInRules,
} from './row-seals.ts';
import * as rows from './sealed-repo.ts';

/** A row beside accounts and memberships that the server did not write; it counts for nothing. */
export type OtherRow = {
  kind: string;
  /** Null: of the platform. */
  tenant: string | null;
  /** What it says, as a person reads it. */
  says: string;
};

/** Each kind of row that is under a seal of its own, as it stands in the database. */
export async function listOtherRows(tx: ControlTx, ctx: RequestContext): Promise<OtherRow[]> {
  return [
    ...(await ofGroups(tx, ctx)),
    ...(await ofRules(tx, ctx)),
    ...(await ofDirectories(tx, ctx)),
  ];
}

async function ofGroups(tx: ControlTx, { platform }: RequestContext): Promise<OtherRow[]> {
  const { pepper } = platform;
  const roles = await rows.listAllRoles(tx);
  const names = new Map(roles.map(({ id, name }) => [id, name]));
  const groups = (await rows.listAllGroups(tx)).filter((one) => !soundGroup(pepper, one));
  const members = (await rows.listAllMembers(tx)).filter((one) => !soundMember(pepper, one));
  const own = (await rows.listAllOwn(tx)).filter((one) => soundOwn(pepper, one) === null);
  const forged = roles.filter((one) => !sameSeal(one.seal, sealOfCustomRole(pepper, one)));
  return [
    ...groups.map((one) =>
      row('group', one, `“${one.name}” (${one.source}) gives ${givenWords(one, names)}`),
    ),
    ...members.map((one) => row('group member', one, `${one.email} in “${one.group}”`)),
    ...own.map((one) => row('own rights', one, `${one.email} beside their groups`)),
    ...forged.map((one) =>
      row('custom role', one, `“${one.name}” gives ${one.permissions.join(', ')}`),
    ),
  ];
}

async function ofRules(tx: ControlTx, { platform }: RequestContext): Promise<OtherRow[]> {
  const { pepper } = platform;
  const levels = (await rows.listAllLevels(tx)).filter(
    (one) => !sameSeal(one.seal, sealOfFeatureLevels(pepper, one)),
  );
  const factors = (await rows.listAllFactorRules(tx)).filter(
    (one) => !sameSeal(one.seal, sealOfFactorRule(pepper, one)),
  );
  const signIn = (await rows.listAllSignInRules(tx)).filter(
    (one) => !sameSeal(one.seal, sealOfSignInRules(pepper, one)),
  );
  return [
    ...levels.map((one) =>
      row(
        'feature levels',
        one,
        Object.entries(one.minimum)
          .map(([feature, level]) => `${feature} needs ${level}`)
          .join(', ') || 'the usual ones',
      ),
    ),
    ...factors.map((one) =>
      row('rule of second factors', one, one.everyone ? 'everybody needs one' : 'roles decide'),
    ),
    ...signIn.map((one) =>
      row(
        'rules of sign-in',
        one,
        `${one.ssoOnly ? 'single sign-on alone' : 'passwords, too'}, ${one.breakGlass === null ? 'no emergency account' : 'an emergency account'}`,
      ),
    ),
  ];
}

async function ofDirectories(tx: ControlTx, ctx: RequestContext): Promise<OtherRow[]> {
  const { pepper } = ctx.platform;
  const names = await rows.listTenantNames(tx);
  const placed = <T extends { tenantId: string | null }>(one: T): T & { tenant: string | null } => {
    return { ...one, tenant: one.tenantId === null ? null : (names.get(one.tenantId) ?? null) };
  };
  const connections = (await listAllConnections(tx)).filter((one) => !soundConnection(ctx, one));
  const domains = (await listProvenDomains(tx)).filter((one) => !isProven(ctx, one));
  const links = (await listAllIdentities(tx)).filter((one) => !isSoundIdentity(pepper, one));
  const users = (await rows.listAllDirectoryUsers(tx)).filter(
    (one) => !soundDirectoryUser(pepper, one),
  );
  const consents = (await rows.listAllConsents(tx)).filter(
    (one) => !sameSeal(one.seal, sealOfConsent(pepper, one)),
  );
  const invitations = (await listInvitations(tx, null)).filter(
    (one) => !sameSeal(one.seal, sealInvitation(ctx, one)),
  );
  return [
    ...connections.map((one) =>
      row('connection', placed(one), `“${one.name}” (${one.kind}, ${one.state})`),
    ),
    ...consents.map((one) =>
      row('word for a connection', one, `“${one.connection}” of the platform is let in`),
    ),
    ...domains.map((one) => row('e-mail domain', placed(one), `${one.domain} is theirs`)),
    ...links.map((one) =>
      row('link to a directory', placed(one), `${one.email} by “${one.connection}”`),
    ),
    ...users.map((one) =>
      row('directory user', one, `“${one.userName}” is ${one.email ?? 'no account'}`),
    ),
    ...invitations.map((one) =>
      row('invitation', one, `${one.email} as ${one.platformRole ?? one.role ?? 'nothing'}`),
    ),
  ];
}

function row(kind: string, { tenant }: { tenant: string | null }, says: string): OtherRow {
  return { kind, tenant, says };
}

function givenWords(
  { role, level, customRoles }: Given,
  names: ReadonlyMap<string, string>,
): string {
  const given = [
    ...(role === null ? [] : [role]),
    ...(level === null ? [] : [`level ${level}`]),
    ...customRoles.map((id) => `“${names.get(id) ?? id}”`),
  ];
  return given.length === 0 ? 'nothing' : given.join(', ');
}
