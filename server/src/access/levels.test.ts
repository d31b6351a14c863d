import { describe, expect, it } from '@jest/globals';
import { AppError, anonymous, tenantPermission } from '../platform/index.ts';
import type { Actor, Guard, TenantRole, TenantStanding } from '../platform/index.ts';
import { checkGuard } from './check-guard.ts';
import { levelOf, reaches } from './levels.ts';
import { ALL_PERMISSIONS, beyond, GRANTABLE, holds, may, scopesOf } from './policy.ts';

const person: Actor = {
  ...anonymous,
  kind: 'human',
  factor: { due: false, required: false, enrolled: true, shownAt: null },
};
const standing = (more: Partial<TenantStanding> = {}): TenantStanding => ({
  role: 'member',
  level: 50,
  granted: [],
  minimum: {},
  ...more,
});
const passes = (guard: Guard, who: TenantStanding | null): string => {
  try {
    checkGuard(guard, { actor: person, standing: who });
    return 'passes';
  } catch (error) {
    return error instanceof AppError ? error.code : 'broken';
  }
};
const chat = tenantPermission('conversations.use', 'chat');

describe('access levels', () => {
  it.each<[string, TenantStanding | null, string]>([
    ['nobody of the tenant', null, 'not_found'],
    ['a level below', standing({ minimum: { chat: 51 } }), 'forbidden'],
    ['a level that is no number', standing({ level: NaN, minimum: { chat: 0 } }), 'forbidden'],
    ['a level above the highest', standing({ level: 101, minimum: { chat: 0 } }), 'forbidden'],
    ['a level that is a text', standing({ level: '99' as unknown as number }), 'forbidden'],
    ['levels that nobody can tell', standing({ level: 100, minimum: null }), 'forbidden'],
    [
      'a feature’s level that is a text',
      standing({ minimum: { chat: '1' as unknown as number } }),
      'forbidden',
    ],
    ['a feature’s level below none', standing({ minimum: { chat: -1 } }), 'forbidden'],
    ['a role that nobody knows', standing({ role: 'owner' as TenantRole }), 'forbidden'],
    ['a role that every object has', standing({ role: 'toString' as TenantRole }), 'forbidden'],
  ])('RBA-03: refuse %s', (_what, who, code) => {
    expect(passes(chat, who)).toBe(code);
  });

  it('RBA-03: refuse a feature that nobody knows, whatever the level', () => {
    for (const feature of ['telepathy', 'toString', '__proto__']) {
      const guard = { ...chat, feature } as unknown as Guard;
      expect(passes(guard, standing({ level: 100, minimum: { [feature]: 0 } }))).toBe('forbidden');
    }
  });

  it('RBA-03: refuse when the check itself breaks', () => {
    const minimum = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('broken');
        },
      },
    );
    expect(passes(chat, standing({ level: 100, minimum }))).toBe('broken');
  });

  it('RBA-02: let whoever reaches it through, and nobody for a level alone', () => {
    expect(passes(chat, standing())).toBe('passes');
    expect(passes(chat, standing({ minimum: { chat: 50 } }))).toBe('passes');
    // Another feature's level is not this one's.
    expect(passes(chat, standing({ minimum: { upload: 100 } }))).toBe('passes');
    const upload = tenantPermission('documents.write', 'upload');
    expect(passes(upload, standing({ level: 100 }))).toBe('forbidden');
  });

  it('RBA-02: are the highest for administrators, whatever was given', () => {
    expect([levelOf('admin', 0), levelOf('member', 0), levelOf('reviewer', null)]).toEqual([
      100, 0, 50,
    ]);
    expect(reaches(standing({ role: 'admin', level: 100, minimum: { chat: 100 } }), 'chat')).toBe(
      true,
    );
  });
});

describe('custom roles', () => {
  it('RBA-01: give nothing that stays with the built-in ones', () => {
    const kept = [...ALL_PERMISSIONS].filter((one) => !GRANTABLE.some((given) => given === one));
    expect(kept).toEqual(expect.arrayContaining(['team.manage', 'access.manage', 'seal.hold']));
    const who = standing({ role: 'reviewer', granted: [...ALL_PERMISSIONS] });
    const without = standing({ role: 'reviewer' });
    expect(kept.filter((one) => holds(who, one) && !holds(without, one))).toEqual([]);
    // The twin: what may be given.
    expect(GRANTABLE.filter((one) => !holds(who, one))).toEqual([]);
  });

  it('RBA-02: open no feature above the level of whoever has them', () => {
    const who = standing({ granted: ['documents.write'], minimum: { upload: 60 } });
    expect([holds(who, 'documents.write'), may(who, 'documents.write')]).toEqual([true, false]);
    expect(scopesOf(who)).not.toContain('documents.write');
    expect(scopesOf({ ...who, level: 60 })).toContain('documents.write');
  });

  it('RBA-01: are composed of what one has', () => {
    expect(beyond(standing(), ['documents.read', 'documents.write'])).toEqual(['documents.write']);
    expect(beyond(null, ['documents.read'])).toEqual(['documents.read']);
    expect(beyond(standing({ role: 'admin' }), GRANTABLE)).toEqual([]);
  });
});
