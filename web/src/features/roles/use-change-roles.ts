import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { LevelWish, RoleWish } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';

export type RoleChange =
  | { verb: 'compose'; roleId: string | null; wish: RoleWish }
  | { verb: 'delete'; roleId: string }
  | { verb: 'levels'; minimum: LevelWish['minimum'] };

/** Composes and deletes custom roles, and says what features need. */
export function useChangeRoles(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: RoleChange) => send(tenantId, change),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['tenant', tenantId, 'roles'] }),
        queryClient.invalidateQueries({ queryKey: ['tenant', tenantId, 'levels'] }),
        queryClient.invalidateQueries({ queryKey: ['team', tenantId] }),
        reloadMemberships(),
      ]),
  });
}

async function send(tenantId: string, change: RoleChange): Promise<void> {
  const ofRole = '/api/tenants/{tenantId}/roles/{roleId}';
  if (change.verb === 'levels') {
    const body = { minimum: change.minimum };
    const params = { path: { tenantId } };
    await unwrap(api.PUT('/api/tenants/{tenantId}/levels', { params, body }));
  } else if (change.verb === 'delete') {
    await unwrap(api.DELETE(ofRole, { params: { path: { tenantId, roleId: change.roleId } } }));
  } else if (change.roleId === null) {
    const params = { path: { tenantId } };
    await unwrap(api.POST('/api/tenants/{tenantId}/roles', { params, body: change.wish }));
  } else {
    const params = { path: { tenantId, roleId: change.roleId } };
    await unwrap(api.PUT(ofRole, { params, body: change.wish }));
  }
}
