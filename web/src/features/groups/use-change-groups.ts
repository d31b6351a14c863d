import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { Group } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export type Role = NonNullable<Group['role']>;
export type Given = Pick<Group, 'role' | 'level' | 'customRoles'>;
export type GroupChange =
  | ({ verb: 'create'; name: string } & Given)
  | ({ verb: 'change'; groupId: string } & Given)
  | { verb: 'remove'; groupId: string }
  | { verb: 'add' | 'leave'; groupId: string; accountId: string };

/** Changes groups; whose role that changes is settled with it, so the team is read anew. */
export function useChangeGroups(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: GroupChange) => send(tenantId, change),
    onSuccess: (_made, { verb }) => {
      const settled = { refetchType: verb === 'remove' ? 'none' : 'active' } as const;
      return Promise.all([
        queryClient.invalidateQueries({ queryKey: ['groups', tenantId], ...settled }),
        queryClient.invalidateQueries({ queryKey: ['team', tenantId] }),
      ]);
    },
  });
}

async function send(tenantId: string, change: GroupChange): Promise<{ id: string } | null> {
  const { verb } = change;
  if (verb === 'create') {
    const { verb: _, ...body } = change;
    const params = { path: { tenantId } };
    return unwrap(api.POST('/api/tenants/{tenantId}/groups', { params, body }));
  }
  const path = { tenantId, groupId: change.groupId };
  if (verb === 'change') {
    const { role, level, customRoles } = change;
    const body = { role, level, customRoles };
    await unwrap(api.PATCH('/api/tenants/{tenantId}/groups/{groupId}', { params: { path }, body }));
  } else if (verb === 'remove') {
    await unwrap(api.DELETE('/api/tenants/{tenantId}/groups/{groupId}', { params: { path } }));
  } else {
    const params = { path: { ...path, accountId: change.accountId } };
    const where = '/api/tenants/{tenantId}/groups/{groupId}/members/{accountId}';
    await unwrap(verb === 'add' ? api.PUT(where, { params }) : api.DELETE(where, { params }));
  }
  return null;
}
