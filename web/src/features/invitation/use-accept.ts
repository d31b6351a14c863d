import { useMutation } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';

export interface NewPerson {
  token: string;
  name: string;
  password: string;
}

/** Makes the account; whether one may sign in with it at once, the sign-in page says. */
export function useAcceptAsNew() {
  return useMutation({
    mutationFn: (body: NewPerson) => unwrap(api.POST('/api/invitations/accept', { body })),
  });
}

/** Accepts with the account that is signed in here. */
export function useAcceptAsMember() {
  return useMutation({
    mutationFn: (token: string) => unwrap(api.POST('/api/me/invitations', { body: { token } })),
    onSuccess: async () => {
      if (keeper.state().status === 'signed-in') await reloadMemberships().catch(() => undefined);
    },
  });
}
