import { describe, expect, it } from '@jest/globals';
import { checkRoutes } from './check-routes.ts';
import { routesOf } from './list-routes.ts';

const guard = { kind: 'tenant', permission: 'documents.read' };
const path = '/api/tenants/:tenantId/documents';

describe('checkRoutes', () => {
  it.each([
    ['an empty table', [], 'empty'],
    ['a route without a guard', [{ method: 'get', path }], 'no guard'],
    ['a guard without a kind', [{ method: 'get', path, guard: {} }], 'no guard'],
    [
      'a public route that is not listed',
      [{ method: 'get', path: '/api/x', guard: { kind: 'public' } }],
      'not listed',
    ],
    [
      'a tenant route open to any session',
      [{ method: 'get', path, guard: { kind: 'authenticated' } }],
      'only for a session',
    ],
    [
      'a route twice',
      [
        { method: 'get', path, guard },
        { method: 'GET', path, guard },
      ],
      'twice',
    ],
  ])('ISO-04: refuses %s', (_what, routes, fault) => {
    expect(checkRoutes(routes)).toEqual([expect.stringContaining(fault)]);
  });

  it('allows guarded routes and the listed public ones', () => {
    const live = { method: 'get', path: '/health/live', guard: { kind: 'public' } };
    expect(checkRoutes([{ method: 'get', path, guard }, live])).toEqual([]);
  });
});

describe('routesOf', () => {
  it('reads method, path and guard of a description, and invents no guard', () => {
    const paths = { '/api/a/{id}': { get: { 'x-guard': guard }, post: {} } };
    expect(routesOf({ paths })).toEqual([
      { method: 'get', path: '/api/a/:id', guard },
      { method: 'post', path: '/api/a/:id', guard: undefined },
    ]);
  });
});
