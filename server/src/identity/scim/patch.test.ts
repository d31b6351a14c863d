import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch, readPatch } from './patch.ts';
import type { Json } from './match-filter.ts';
import { GROUP_SHAPE, readUser, USER_SHAPE } from './user-schema.ts';

const user: Json = {
  userName: 'ada@example.org',
  active: true,
  displayName: 'Ada',
  name: { givenName: 'Ada', familyName: 'Lamb' },
  emails: [{ value: 'ada@example.org', type: 'work', primary: true }],
};
const group: Json = { displayName: 'Docks', members: [{ value: 'a' }, { value: 'b' }] };

const patch = (operations: unknown[], on = user): Json =>
  applyPatch(on, readPatch({ Operations: operations }), on === user ? USER_SHAPE : GROUP_SHAPE);

describe('a SCIM patch', () => {
  it.each([
    ['without a path', [{ op: 'remove' }], 'noTarget'],
    ['of what is read only', [{ op: 'replace', path: 'id', value: 'x' }], 'mutability'],
    ['of groups', [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }], 'mutability'],
    ['of a password', [{ op: 'replace', path: 'password', value: 'x' }], 'mutability'],
    ['of a password in a value', [{ op: 'replace', value: { password: 'x' } }], 'mutability'],
    ['of what must be there', [{ op: 'remove', path: 'userName' }], 'mutability'],
    [
      'of a list that is none',
      [{ op: 'add', path: 'userName[value eq "x"]', value: 1 }],
      'invalidPath',
    ],
    ['of a path that is none', [{ op: 'add', path: '..', value: 1 }], 'invalidPath'],
    [
      'of no such value',
      [{ op: 'replace', path: 'emails[value co "zzz"]', value: {} }],
      'noTarget',
    ],
    ['of an operation that is none', [{ op: 'move', path: 'userName' }], 'invalidSyntax'],
    ['of nothing', [], 'invalidSyntax'],
    ['of a text without path', [{ op: 'add', value: 'x' }], 'invalidValue'],
  ])('AUT-08: refuses one %s', (_what, operations, word) => {
    expect(() => patch(operations)).toThrow(expect.objectContaining({ word }));
  });

  it('AUT-08: replaces, adds and removes as RFC 7644 has it', () => {
    expect(patch([{ op: 'replace', path: 'displayName', value: 'Ada L.' }])).toMatchObject({
      displayName: 'Ada L.',
    });
    expect(patch([{ op: 'add', path: 'name.familyName', value: 'Wolf' }])).toMatchObject({
      name: { givenName: 'Ada', familyName: 'Wolf' },
    });
    expect(patch([{ op: 'remove', path: 'emails[type eq "work"]' }])).toMatchObject({ emails: [] });
    expect(patch([{ op: 'remove', path: 'displayName' }])).not.toHaveProperty('displayName');
    const added = [
      { op: 'add', path: 'emails', value: [{ value: 'x@example.org', primary: true }] },
    ];
    expect(patch(added)['emails']).toEqual([
      { value: 'ada@example.org', type: 'work', primary: false },
      { value: 'x@example.org', primary: true },
    ]);
    expect(
      patch([{ op: 'replace', path: 'emails[type eq "work"].value', value: 'y@e.org' }]),
    ).toMatchObject({
      emails: [{ value: 'y@e.org', type: 'work' }],
    });
  });

  it('AUT-08: takes what Entra and Okta send beside the RFC', () => {
    expect(readUser(patch([{ op: 'Replace', path: 'active', value: 'False' }])).active).toBe(false);
    expect(readUser(patch([{ op: 'replace', value: { active: false } }])).active).toBe(false);
    const dotted = { op: 'Replace', value: { displayName: 'B', 'name.givenName': 'Bea' } };
    expect(patch([dotted])).toMatchObject({ displayName: 'B', name: { givenName: 'Bea' } });
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department';
    expect(patch([{ op: 'Add', path: urn, value: 'Docks' }])).toEqual(user);
    expect(
      patch([{ op: 'add', path: 'emails[type eq "home"].value', value: 'h@e.org' }]),
    ).toMatchObject({
      emails: [{ type: 'work' }, { type: 'home', value: 'h@e.org' }],
    });
    const gone = [{ op: 'Remove', path: 'members', value: [{ value: 'a' }] }];
    expect(patch(gone, group)['members']).toEqual([{ value: 'b' }]);
    expect(patch([{ op: 'remove', path: 'members[value eq "b"]' }], group)['members']).toEqual([
      { value: 'a' },
    ]);
    expect(patch([{ op: 'remove', path: 'members' }], group)['members']).toEqual([]);
    const twice = [
      { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'c' }, { value: 'c' }] },
    ];
    expect(patch(twice, group)['members']).toHaveLength(3);
  });

  it('AUT-08: whatever is sent changes a copy, and nothing beside it', () => {
    const before = JSON.stringify(user);
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(undefined));
    const path = fc.oneof(
      fc.constantFrom(
        '__proto__',
        'constructor.prototype',
        'name.__proto__',
        'emails',
        'name',
        'active',
      ),
      fc.string({ maxLength: 20 }),
    );
    const operation = fc.record(
      { op: fc.constantFrom('add', 'replace', 'remove'), path, value },
      { requiredKeys: ['op'] },
    );
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 5 }), (operations) => {
        try {
          readUser(patch(operations));
        } catch (error) {
          expect(error).toHaveProperty('word');
        }
        expect(JSON.stringify(user)).toBe(before);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
