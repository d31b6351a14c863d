import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { Invited, TeamMember } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export type Role = TeamMember['role'];
export type TeamChange =
  | { verb: 'invite'; email: string; role: Role }
  | { verb: 'resend' | 'withdraw'; invitationId: string }
  | { verb: 'role'; accountId: string; role: Role }
  | { verb: 'access'; accountId: string; level?: number; customRoles: string[] }
  | { verb: 'remove'; accountId: string };

/** Changes the team; what is to be handed over comes back, shown this once. */
export function useChangeTeam(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: TeamChange) => send(tenantId, change),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['team', tenantId] }),
  });
}

async function send(tenantId: string, change: TeamChange): Promise<Invited | null> {
  switch (change.verb) {
    case 'invite': {
      const { email, role } = change;
      const path = '/api/tenants/{tenantId}/invitations';
      return unwrap(api.POST(path, { params: { path: { tenantId } }, body: { email, role } }));
    }
    case 'resend': {
      const params = { path: { tenantId, invitationId: change.invitationId } };
      const path = '/api/tenants/{tenantId}/invitations/{invitationId}/resend';
      return unwrap(api.POST(path, { params }));
    }
    case 'withdraw': {
      const params = { path: { tenantId, invitationId: change.invitationId } };
      await unwrap(api.DELETE('/api/tenants/{tenantId}/invitations/{invitationId}', { params }));
      return null;
    }
    case 'role': {
      const params = { path: { tenantId, accountId: change.accountId } };
      const body = { role: change.role };
      await unwrap(api.PATCH('/api/tenants/{tenantId}/team/{accountId}', { params, body }));
      return null;
    }
    case 'access': {
      const { accountId, verb: _, ...body } = change;
      const params = { path: { tenantId, accountId } };
      await unwrap(api.PATCH('/api/tenants/{tenantId}/team/{accountId}', { params, body }));
      return null;
    }
    case 'remove': {
      const params = { path: { tenantId, accountId: change.accountId } };
      await unwrap(api.DELETE('/api/tenants/{tenantId}/team/{accountId}', { params }));
      return null;
    }
  }
}
