import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import type { Tenant } from '../../lib/api/types.ts';

export interface NewTenant {
  name: string;
  language: Tenant['language'];
  tier: Tenant['tier'];
  joinAs: 'admin' | null;
  custodian: string | null;
}

/** Orders a tenant; the provisioner builds it while `useTenant` watches its state. */
export function useCreateTenant() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewTenant) => unwrap(api.POST('/api/tenants', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tenants'] }),
  });
}
