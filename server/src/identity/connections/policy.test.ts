import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { highestRole } from '../groups/policy.ts';
import {
  decideAdmission,
  domainOf,
  type Asserted,
  type ConnectionRules,
  type Known,
  type KnownAccount,
} from './policy.ts';

const TENANTS = ['own', 'other', 'third'] as const;
const ROLES = ['member', 'reviewer', 'admin'] as const;
const GROUPS = ['staff', 'leads', 'Staff', 'nobody'] as const;

const role = fc.constantFrom(...ROLES);
const tenant = fc.constantFrom(...TENANTS);
const domain = fc.constantFrom('own.example', 'other.example', 'sub.own.example');
const rulesOf: fc.Arbitrary<ConnectionRules> = fc.record({
  tenantId: fc.constantFrom('own', null),
  domains: fc.array(domain),
  mappings: fc.array(fc.record({ group: fc.constantFrom(...GROUPS), tenantId: tenant, role })),
  defaultRole: fc.option(role),
  justInTime: fc.boolean(),
  letIn: fc.subarray([...TENANTS]),
});
const person: fc.Arbitrary<Asserted> = fc.record({
  email: fc.option(fc.tuple(fc.constantFrom('a', 'b@c'), domain).map((parts) => parts.join('@'))),
  emailVouched: fc.boolean(),
  groups: fc.array(fc.constantFrom(...GROUPS)),
});
const account: fc.Arbitrary<KnownAccount> = fc
  .record({
    state: fc.constantFrom('invited', 'active', 'deactivated', 'erased'),
    trusted: fc.boolean(),
    platformRole: fc.constantFrom('super_admin', null),
    memberships: fc.uniqueArray(
      fc.record({ tenantId: tenant, own: role, byGroups: fc.option(role) }),
      {
        selector: ({ tenantId }) => tenantId,
      },
    ),
    last: fc.boolean(),
  })
  .map(({ last, memberships, ...one }) => {
    const held = memberships.map(({ own, byGroups, ...of }) => ({
      ...{ ...of, own, byGroups },
      role: highestRole(own, byGroups ? [byGroups] : []),
    }));
    const admin = held.filter((membership) => membership.role === 'admin');
    return {
      ...(one as Omit<KnownAccount, 'lastAdminOf' | 'memberships'>),
      memberships: held,
      lastAdminOf: last ? admin.map(({ tenantId }) => tenantId) : [],
    };
  });
const known: fc.Arbitrary<Known> = fc.record({
  ownDomains: fc.array(domain),
  linked: fc.option(account),
  sameEmail: fc.option(account),
});

const held = (
  own: (typeof ROLES)[number],
  tenantId = 'own',
  byGroups: (typeof ROLES)[number] | null = null,
): KnownAccount['memberships'][number] => {
  const role = highestRole(own, byGroups ? [byGroups] : []);
  return { tenantId, role, own, byGroups };
};
const owned: ConnectionRules = {
  tenantId: 'own',
  domains: ['own.example'],
  mappings: [],
  defaultRole: 'member',
  justInTime: true,
  letIn: ['own'],
};
const vouched: Asserted = { email: 'ada@own.example', emailVouched: true, groups: [] };
const stranger: Known = { ownDomains: ['own.example'], linked: null, sameEmail: null };
const colleague: KnownAccount = {
  state: 'active',
  trusted: true,
  platformRole: null,
  memberships: [held('member')],
  lastAdminOf: [],
};

describe('AUT-06: whom a directory’s word lets in', () => {
  const always = (holds: (...given: [ConnectionRules, Asserted, Known]) => void): void =>
    fc.assert(fc.property(rulesOf, person, known, holds), { numRuns: 2_000 });

  it('AUT-06: nobody who holds nothing in a tenant comes into it where just-in-time is off', () => {
    always((rules, who, given) => {
      const { changes } = decideAdmission({ ...rules, justInTime: false }, who, given);
      expect(changes.filter(({ from }) => from === null)).toEqual([]);
    });
    const removed: KnownAccount = { ...colleague, memberships: [] };
    for (const justInTime of [false, true])
      for (const given of [
        { ...stranger, linked: removed },
        { ...stranger, sameEmail: removed },
      ])
        expect(decideAdmission({ ...owned, justInTime }, vouched, given).outcome).toBe(
          justInTime ? 'admitted' : 'refused',
        );
  });

  it('AUT-06: nobody new by an address that is not vouched for, or of a domain that is not its own', () => {
    always((rules, who, given) => {
      const { account: way } = decideAdmission(rules, who, given);
      if (way === null || way === 'linked') return;
      const at = domainOf(who.email ?? '');
      expect([who.emailVouched, rules.domains.includes(at), given.ownDomains.includes(at)]).toEqual(
        [true, true, true],
      );
    });
    expect(decideAdmission(owned, { ...vouched, emailVouched: false }, stranger).refusal).toBe(
      'email_not_vouched',
    );
    expect(decideAdmission(owned, vouched, { ...stranger, ownDomains: [] }).refusal).toBe(
      'domain_not_owned',
    );
    expect(decideAdmission(owned, vouched, stranger)).toMatchObject({
      outcome: 'admitted',
      account: 'create',
      changes: [{ tenantId: 'own', from: null, role: 'member' }],
    });
  });

  it('AUT-06: no account without its own yes that could do more than a member of this tenant', () => {
    always((rules, who, given) => {
      const decision = decideAdmission(rules, who, given);
      if (decision.account !== 'link') return;
      expect(given.sameEmail?.platformRole).toBeNull();
      for (const { role: effective, tenantId } of given.sameEmail?.memberships ?? []) {
        expect(effective).toBe('member');
        expect(rules.letIn).toContain(tenantId);
      }
    });
    const same = (more: Partial<KnownAccount>): string | null =>
      decideAdmission(owned, vouched, { ...stranger, sameEmail: { ...colleague, ...more } })
        .refusal;
    expect(same({ platformRole: 'super_admin' })).toBe('confirm_first');
    expect(same({ memberships: [held('admin')] })).toBe('confirm_first');
    expect(same({ memberships: [held('member', 'other')] })).toBe('confirm_first');
    expect(same({})).toBeNull();
  });

  it('AUT-06: nobody whose account has ended, or whom somebody else wrote', () => {
    always((rules, who, given) => {
      const { outcome, changes, account: way } = decideAdmission(rules, who, given);
      const found = given.linked ?? given.sameEmail;
      if (!found || way === 'create') return;
      if (found.trusted && ['active', 'invited'].includes(found.state)) return;
      expect([outcome, changes]).toEqual(['refused', []]);
    });
  });

  it('RBA-01: a connection of a tenant changes nothing in another, and no role above what a group gives', () => {
    always((rules, who, given) => {
      for (const change of decideAdmission(rules, who, given).changes) {
        if (rules.tenantId !== null) expect(change.tenantId).toBe(rules.tenantId);
        expect(rules.letIn).toContain(change.tenantId);
        if (change.role === null) continue;
        const given1 = rules.mappings.filter(
          ({ group, tenantId }) => who.groups.includes(group) && tenantId === change.tenantId,
        );
        const may = [...given1.map((one) => one.role), rules.defaultRole];
        expect(may).toContain(change.role);
        const rank = ROLES.indexOf(change.role);
        for (const one of given1) expect(rank).toBeGreaterThanOrEqual(ROLES.indexOf(one.role));
      }
    });
  });

  it('RBA-01: the last administrator of a tenant is left in place, and it is told', () => {
    always((rules, who, given) => {
      const decision = decideAdmission(rules, who, given);
      const found = given.linked ?? given.sameEmail;
      for (const { tenantId, role: own } of decision.changes) {
        if (!found?.lastAdminOf.includes(tenantId)) continue;
        // A group of the tenant leaves them administrator.
        const byGroups = found.memberships.find((one) => one.tenantId === tenantId)?.byGroups;
        expect([own === 'admin', own !== null && byGroups === 'admin']).toContain(true);
      }
    });
    const rules = {
      ...owned,
      mappings: [{ group: 'staff', tenantId: 'own', role: 'member' }],
    } as const;
    const admin: KnownAccount = {
      ...colleague,
      memberships: [held('admin')],
      lastAdminOf: ['own'],
    };
    expect(decideAdmission(rules, vouched, { ...stranger, linked: admin })).toMatchObject({
      outcome: 'admitted',
      changes: [],
      keptAdminOf: ['own'],
    });
    expect(
      decideAdmission(rules, vouched, { ...stranger, linked: { ...admin, lastAdminOf: [] } })
        .changes,
    ).toEqual([{ tenantId: 'own', from: 'admin', role: 'member' }]);
  });

  it('RBA-01: a directory says which role is somebody’s own, beside what groups of the tenant give', () => {
    const mappings = [{ group: 'staff', tenantId: 'own', role: 'reviewer' }] as const;
    const changes = (membership: KnownAccount['memberships'][number]) =>
      decideAdmission(
        { ...owned, mappings: [...mappings] },
        { ...vouched, groups: ['staff'] },
        { ...stranger, linked: { ...colleague, memberships: [membership], lastAdminOf: ['own'] } },
      );
    expect(changes(held('member', 'own', 'admin'))).toMatchObject({
      changes: [{ tenantId: 'own', from: 'member', role: 'reviewer' }],
      keptAdminOf: [],
    });
    expect(changes(held('reviewer', 'own', 'admin')).changes).toEqual([]);
    expect(changes(held('admin', 'own', 'reviewer'))).toMatchObject({
      changes: [],
      keptAdminOf: ['own'],
    });
  });

  it('RBA-03: who is in no group that gives a role is let in nowhere, and loses the role of before', () => {
    always((rules, who, given) => {
      const decision = decideAdmission(rules, who, given);
      if (decision.outcome === 'refused' || rules.tenantId === null) return;
      const before = (given.linked ?? given.sameEmail)?.memberships ?? [];
      const changed = decision.changes.find(({ tenantId }) => tenantId === rules.tenantId);
      const after = changed
        ? changed.role
        : before.find((one) => one.tenantId === rules.tenantId)?.role;
      expect(after ?? null).not.toBeNull();
    });
    const rules = {
      ...owned,
      defaultRole: null,
      mappings: [{ group: 'staff', tenantId: 'own', role: 'member' }],
    } as const;
    expect(decideAdmission(rules, vouched, { ...stranger, linked: colleague })).toMatchObject({
      outcome: 'refused',
      refusal: 'no_role',
      changes: [{ tenantId: 'own', from: 'member', role: null }],
    });
    const inGroup = { ...vouched, groups: ['staff'] };
    expect(decideAdmission(rules, inGroup, { ...stranger, linked: colleague }).outcome).toBe(
      'admitted',
    );
  });

  it('AUT-06: the order and the number of groups change nothing', () => {
    fc.assert(
      fc.property(rulesOf, person, known, (rules, who, given) => {
        const turned = { ...who, groups: [...who.groups.toReversed(), ...who.groups] };
        expect(decideAdmission(rules, turned, given)).toEqual(decideAdmission(rules, who, given));
      }),
    );
  });
});
