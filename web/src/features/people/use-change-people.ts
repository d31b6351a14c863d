import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export type AccountVerb =
  'deactivate' | 'reactivate' | 'sign-out' | 'reset' | 'factors' | 'email' | 'erase';
export type PeopleChange =
  | { verb: AccountVerb; accountId: string; email: string }
  | { verb: 'invite'; email: string; tenantId: string | null }
  | { verb: 'resend' | 'withdraw'; invitationId: string };

/** Changes an account or an invitation; a link that is to be handed over comes back, shown this once. */
export function useChangePeople() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: PeopleChange) => send(change),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['people'] }),
        queryClient.invalidateQueries({ queryKey: ['people-invitations'] }),
      ]),
  });
}

async function send(change: PeopleChange): Promise<string | null> {
  if (change.verb === 'invite') {
    const { email, tenantId } = change;
    const body = { email, tenantId, role: 'admin' } as const;
    return (await unwrap(api.POST('/api/platform/invitations', { body }))).link;
  }
  if ('invitationId' in change) {
    const params = { path: { invitationId: change.invitationId } };
    const path = '/api/platform/invitations/{invitationId}';
    if (change.verb === 'resend')
      return (await unwrap(api.POST(`${path}/resend`, { params }))).link;
    await unwrap(api.DELETE(path, { params }));
    return null;
  }
  if (!('accountId' in change)) return null;
  const params = { path: { accountId: change.accountId } };
  const path = '/api/platform/accounts/{accountId}';
  switch (change.verb) {
    case 'reset':
      return (await unwrap(api.POST(`${path}/reset`, { params }))).link?.url ?? null;
    case 'email':
      return (await unwrap(api.POST(`${path}/email`, { params }))).url;
    case 'factors': {
      const body = { email: change.email };
      return (await unwrap(api.POST('/api/platform/factor-resets', { body }))).url;
    }
    case 'erase':
      await unwrap(api.DELETE(path, { params }));
      return null;
    default:
      await unwrap(api.POST(`${path}/${change.verb}`, { params }));
      return null;
  }
}
