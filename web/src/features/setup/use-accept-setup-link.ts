import { useMutation } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

export interface NewAccount {
  token: string;
  email: string;
  name: string;
  password: string;
}

/** Makes the account that the link stands for, and signs it in. */
export function useAcceptSetupLink() {
  return useMutation({
    mutationFn: (body: NewAccount) => unwrap(api.POST('/api/setup', { body })),
    onSuccess: (session) => keeper.accept(session),
  });
}
