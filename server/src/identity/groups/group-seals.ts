import type { TokenPepper } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';
import type { Access, Given } from './policy.ts';
import type { GivenRow, GroupFacts, MemberFacts, OwnRow } from './repo.ts';

/**
 * HMACs beside the rows from which somebody's rights are computed (decision 39): who holds the database alone puts
 * nobody into a group, lets none give anything, and lets no other group of a directory be taken for it.
 */
export function sealOfGroup(pepper: TokenPepper, group: GroupFacts): Buffer {
  const { id, tenantId, name, source, externalId, role, level, customRoles } = group;
  const facts: unknown[] = [id, tenantId, name, source, externalId, role];
  // With neither it is the seal of the version that knew none.
  if (level !== null || customRoles.length > 0) facts.push(level, customRoles.toSorted());
  return pepper.mac('group', JSON.stringify(facts));
}

export function sealOfMember(pepper: TokenPepper, member: MemberFacts): Buffer {
  const { groupId, tenantId, accountId } = member;
  return pepper.mac('group-member', JSON.stringify([groupId, tenantId, accountId]));
}

type Of = { accountId: string; tenantId: string };

export function sealOfOwn(pepper: TokenPepper, { accountId, tenantId }: Of, own: Access): Buffer {
  const { role, level, customRoles } = own;
  const facts = [accountId, tenantId, role, level, customRoles.toSorted()];
  return pepper.mac('own-role', JSON.stringify(facts));
}

/** What somebody has beside their groups, as the database says it; null where its row was written by somebody else. */
export function soundOwn(pepper: TokenPepper, row: OwnRow): Access | null {
  const { accountId, tenantId, ownRole, ownLevel, ownCustomRoles } = row;
  const { role, level, customRoles } = row;
  if (ownRole === null) return { role, level, customRoles };
  const own = { role: ownRole, level: ownLevel, customRoles: ownCustomRoles ?? [] };
  if (sameSeal(row.ownSeal, sealOfOwn(pepper, row, own))) return own;
  // Of the version whose groups gave roles alone.
  const before = pepper.mac('own-role', JSON.stringify([accountId, tenantId, ownRole]));
  return sameSeal(row.ownSeal, before) ? { role: ownRole, level, customRoles } : null;
}

export function soundGroup(pepper: TokenPepper, group: GroupFacts & { seal: Buffer }): boolean {
  return sameSeal(group.seal, sealOfGroup(pepper, group));
}

export function soundMember(pepper: TokenPepper, member: MemberFacts & { seal: Buffer }): boolean {
  return sameSeal(member.seal, sealOfMember(pepper, member));
}

/** What a group gives to somebody; null where either row is not as the server wrote it. */
export function givenBy(pepper: TokenPepper, { group, member }: GivenRow): Given | null {
  return soundGroup(pepper, group) && soundMember(pepper, member) ? group : null;
}
