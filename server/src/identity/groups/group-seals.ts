import type { TenantRole, TokenPepper } from '../../platform/index.ts';
import { sameSeal, type MembershipFacts } from '../rights/row-seals.ts';
import type { GivenRow, GroupFacts, MemberFacts } from './repo.ts';

/**
 * HMACs beside the rows from which a role is computed (decision 39): who holds the database alone puts
 * nobody into a group, gives none a role, and lets no other group of a directory be taken for it.
 */
export function sealOfGroup(pepper: TokenPepper, group: GroupFacts): Buffer {
  const { id, tenantId, name, source, externalId, role } = group;
  return pepper.mac('group', JSON.stringify([id, tenantId, name, source, externalId, role]));
}

export function sealOfMember(pepper: TokenPepper, member: MemberFacts): Buffer {
  const { groupId, tenantId, accountId } = member;
  return pepper.mac('group-member', JSON.stringify([groupId, tenantId, accountId]));
}

export function sealOfOwnRole(pepper: TokenPepper, own: MembershipFacts): Buffer {
  const { accountId, tenantId, role } = own;
  return pepper.mac('own-role', JSON.stringify([accountId, tenantId, role]));
}

export function soundGroup(pepper: TokenPepper, group: GroupFacts & { seal: Buffer }): boolean {
  return sameSeal(group.seal, sealOfGroup(pepper, group));
}

export function soundMember(pepper: TokenPepper, member: MemberFacts & { seal: Buffer }): boolean {
  return sameSeal(member.seal, sealOfMember(pepper, member));
}

/** The role that a group gives to somebody; null where either row is not as the server wrote it. */
export function roleGiven(pepper: TokenPepper, { group, member }: GivenRow): TenantRole | null {
  return soundGroup(pepper, group) && soundMember(pepper, member) ? group.role : null;
}
