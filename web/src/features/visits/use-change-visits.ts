import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export type VisitChange =
  | { verb: 'ask'; tenantId: string; reason: string; minutes: number }
  | { verb: 'decide'; visitId: string; approve: boolean }
  | { verb: 'end'; visitId: string }
  | { verb: 'rule'; byPlatform: boolean };

/** With a tenant as its administrator, without one as the platform. */
export function useChangeVisits(tenantId: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: VisitChange) =>
      tenantId === null ? ofPlatform(change) : ofTenant(tenantId, change),
    onSuccess: () =>
      queryClient.invalidateQueries({
        queryKey: tenantId === null ? ['platform', 'visits'] : ['tenant', tenantId, 'visits'],
      }),
  });
}

async function ofPlatform(change: VisitChange): Promise<void> {
  if (change.verb === 'ask') {
    const { verb: _, ...body } = change;
    await unwrap(api.POST('/api/platform/visits', { body }));
  } else if (change.verb === 'decide') {
    const params = { path: { visitId: change.visitId } };
    const body = { approve: change.approve };
    await unwrap(api.POST('/api/platform/visits/{visitId}/decision', { params, body }));
  } else if (change.verb === 'end') {
    const params = { path: { visitId: change.visitId } };
    await unwrap(api.POST('/api/platform/visits/{visitId}/end', { params }));
  }
}

async function ofTenant(tenantId: string, change: VisitChange): Promise<void> {
  if (change.verb === 'decide') {
    const params = { path: { tenantId, visitId: change.visitId } };
    const body = { approve: change.approve };
    await unwrap(api.POST('/api/tenants/{tenantId}/visits/{visitId}/decision', { params, body }));
  } else if (change.verb === 'end') {
    const params = { path: { tenantId, visitId: change.visitId } };
    await unwrap(api.POST('/api/tenants/{tenantId}/visits/{visitId}/end', { params }));
  } else if (change.verb === 'rule') {
    const body = { byPlatform: change.byPlatform };
    await unwrap(
      api.PUT('/api/tenants/{tenantId}/visit-rule', { params: { path: { tenantId } }, body }),
    );
  }
}
