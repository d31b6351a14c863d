import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  authenticated,
  endpoint,
  json,
  openToAll,
  platformPermission,
  tenantPermission,
  type Endpoint,
  type Guard,
} from '../../platform/index.ts';
import { judge, type CatalogRow } from './list-definer-functions.ts';
import { listGuards } from './list-guards.ts';

function routeOf(guard: Guard, path = '/api/things'): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary: 'Things',
    guard,
    limit: 'account',
    input: {},
    output: json(z.object({})),
    audit: null,
    run: () => Promise.resolve({}),
  });
}
const faultOf = (...routes: Endpoint[]): string | null => listGuards(routes).at(-1)?.fault ?? null;

describe('ISO-04: the audit of guards', () => {
  it.each([
    ['no guard at all', undefined as unknown as Guard, '/api/things', 'no guard'],
    ['a door open without a reason', openToAll, '/api/things', 'no reason'],
    ['a permission that nobody has', platformPermission('dreams.read'), '/api/things', 'No role'],
    ['a role in no tenant', tenantPermission('tenant.read'), '/api/things', 'names none'],
    [
      'a route that forgot its feature',
      tenantPermission('documents.read'),
      '/api/tenants/:tenantId/x',
      'belongs to documents',
    ],
    [
      'a feature that the permission has not',
      tenantPermission('tenant.read', 'chat'),
      '/api/tenants/:tenantId/x',
      'no feature',
    ],
    ['a kind of guard that is not known', { kind: 'later' } as unknown as Guard, '/x', null],
  ])('ISO-04: finds %s', (_what, guard, path, words) => {
    const fault = faultOf(routeOf(guard, path));
    if (words === null) expect(listGuards([routeOf(guard, path)])[0]?.passes).toEqual([]);
    else expect(fault).toContain(words);
  });

  it('ISO-04: finds a route that stands in the table twice', () => {
    expect(faultOf(routeOf(authenticated), routeOf(authenticated))).toContain('twice');
  });

  it('MFA-05: finds a route of high value that asks for no fresh factor', () => {
    const guard = tenantPermission('team.manage');
    const removing = { ...routeOf(guard, '/api/tenants/:tenantId/x'), method: 'delete' as const };
    expect(faultOf(removing)).toContain('without a fresh second factor');
    expect(faultOf({ ...removing, stepUp: true })).toBeNull();
    expect(faultOf({ ...removing, method: 'get' })).toBeNull();
    // One that is on record with its reason.
    const path = '/api/tenants/:tenantId/invitations/:invitationId';
    expect(faultOf({ ...removing, path })).toBeNull();
  });

  it('ISO-04: says who passes, as the guard itself decides', () => {
    const guards = [
      openToAll,
      authenticated,
      tenantPermission('documents.write', 'upload'),
      platformPermission('tenants.create'),
    ];
    expect(guards.map((guard) => listGuards([routeOf(guard)])[0]?.passes)).toEqual([
      ['anybody'],
      [
        ...['signed in', 'tenant member', 'tenant reviewer', 'tenant admin'],
        ...['member below every level', 'member with every custom role', 'visitor'],
        'platform admin',
      ],
      ['tenant admin', 'member with every custom role', 'key of an admin'],
      ['platform admin'],
    ]);
  });
});

describe('ISO-11: the audit of definer functions', () => {
  const row: CatalogRow = {
    name: 'control.f()',
    owner: 'casemate_migrator',
    searchPath: 'pg_catalog, pg_temp',
    executors: ['casemate_server'],
    body: 'if claimed is null then',
  };
  const guard = {
    words: 'checks the claim',
    sha256: createHash('sha256').update(row.body).digest('hex'),
  };

  it.each<[string, Partial<CatalogRow>, typeof guard | undefined, string]>([
    ['open to everybody', { executors: ['PUBLIC', 'x'] }, guard, 'Everybody'],
    ['without a search_path', { searchPath: null }, guard, 'not pinned'],
    ['with pg_temp first', { searchPath: 'pg_temp, pg_catalog' }, guard, 'not last'],
    ['nobody reviewed', {}, undefined, 'Nobody reviewed'],
    ['that lost its check', { body: 'select 1' }, guard, 'reviewed (SHA-256 822ae0'],
    ['with its check in a comment', { body: `-- ${row.body}` }, guard, 'reviewed'],
    ['with its check in a literal', { body: `select '${row.body}'` }, guard, 'reviewed'],
    ['with more than its check', { body: `${row.body} null; end if;` }, guard, 'reviewed'],
  ])('ISO-11: finds one %s', (_what, change, guarded, words) => {
    expect(judge({ ...row, ...change }, guarded).fault).toContain(words);
  });

  it('ISO-11: is content with one that is pinned, closed and guarded', () => {
    expect(judge(row, guard)).toMatchObject({ fault: null, guard: 'checks the claim' });
  });
});
