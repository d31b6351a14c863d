import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFilter, parsePath, writeFilter, type Comparison, type Filter } from './filter.ts';
import { matches } from './match-filter.ts';

const user = {
  id: '2819C223',
  userName: 'Bjensen',
  externalId: 'Ext-1',
  active: true,
  name: { familyName: "O'Malley" },
  title: null,
  emails: [
    { type: 'work', value: 'bjensen@example.com', primary: true },
    { type: 'home', value: 'babs@jensen.org' },
  ],
  meta: { lastModified: '2026-05-13T04:42:34.000Z' },
};

const fits = (filter: string): boolean => matches(parseFilter(filter), user);

const name = fc.constantFrom('userName', 'emails.value', 'meta.lastModified', 'urn:a:2.0:User:x');
const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => (Object.is(one, -0) ? 0 : one)),
);
const op = fc.constantFrom<Comparison>('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.record({ op, path: name, value }),
    fc.record({ op: fc.constant('pr' as const), path: name }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      left: tie('tree'),
      right: tie('tree'),
    }),
    fc.record({ op: fc.constant('not' as const), inner: tie('tree') }),
    fc.record({
      op: fc.constant('value' as const),
      path: fc.constant('emails'),
      inner: tie('tree'),
    }),
  ),
}));

describe('a SCIM filter', () => {
  it.each([
    '',
    ' ',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName eq "x',
    'userName eq "x" and',
    'userName is "x"',
    'userName eq "x" userName eq "y"',
    'userName eq "x" andactive eq true',
    '(userName eq "x"',
    'userName eq "x")',
    'emails[type eq "work"',
    'not userName pr',
    'userName eq "\u0001"',
    'userName eq "\\x"',
    `${'('.repeat(60)}userName pr${')'.repeat(60)}`,
    `userName eq "${'x'.repeat(2_000)}"`,
    "userName eq 'x'",
    'user name pr',
    '$where eq "x" || true',
  ])('AUT-08: refuses %j as invalidFilter', (text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ word: 'invalidFilter' }));
  });

  it.each([
    ['userName eq "bjensen"', true],
    ['USERNAME EQ "BJENSEN"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', true],
    ['id eq "2819c223"', false],
    ['externalId eq "ext-1"', false],
    ['name.familyName co "O\'Malley"', true],
    ['title pr', false],
    ['nickName pr', false],
    ['nickName eq null', true],
    ['userName ne null', true],
    ['emails pr', true],
    ['emails co "jensen.org"', true],
    ['emails.type eq "home"', true],
    ['emails[type eq "work" and value co "@example.com"]', true],
    ['emails[type eq "home" and value co "@example.com"]', false],
    ['active eq true', true],
    ['active eq "True"', true],
    ['active ne false', true],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', true],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', false],
    ['userName pr and not (userName eq "x") or nickName pr', true],
    ['nickName pr and nickName pr or userName pr', true],
    ['nickName pr and (nickName pr or userName pr)', false],
    ['userName ew "SEN"', true],
    ['userName ge "a" and userName lt "c"', true],
  ])('AUT-08: %s is %s', (filter, expected) => {
    expect(fits(filter)).toBe(expected);
  });

  it('AUT-08: what has no order is not asked for one', () => {
    expect(() => fits('active gt false')).toThrow(
      expect.objectContaining({ word: 'invalidFilter' }),
    );
  });

  it('AUT-08: every filter that is written reads back as itself', () => {
    fc.assert(
      fc.property(tree, (filter) => {
        fc.pre(writeFilter(filter).length <= 2_000);
        expect(parseFilter(writeFilter(filter))).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });

  it('AUT-08: any text is read or refused, and nothing else happens', () => {
    const pieces = fc.array(
      fc.constantFrom(
        ...['userName', ' ', 'eq', 'and', 'not', '(', ')', '[', ']', '"x"', 'pr', '\\'],
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          try {
            matches(parseFilter(text), user);
          } catch (error) {
            expect(error).toMatchObject({ word: 'invalidFilter' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('the path of a PATCH', () => {
  it.each([
    ['members', { attribute: 'members', filter: null, sub: null }],
    ['name.familyName', { attribute: 'name', filter: null, sub: 'familyName' }],
    [
      'emails[type eq "work"].value',
      {
        attribute: 'emails',
        filter: { op: 'eq', path: 'type', value: 'work' },
        sub: 'value',
      },
    ],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName',
      {
        attribute: 'urn:ietf:params:scim:schemas:core:2.0:User:name',
        filter: null,
        sub: 'familyName',
      },
    ],
  ])('AUT-08: %s', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each(['', '[type eq "work"]', 'emails[type eq "work"', 'name.', 'a b', 'emails[].value'])(
    'AUT-08: refuses %j',
    (text) => {
      expect(() => parsePath(text)).toThrow(
        expect.objectContaining({ word: expect.stringMatching(/^invalid(Path|Filter)$/) }),
      );
    },
  );
});
