import { startAuthentication } from '@simplewebauthn/browser';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/** Signs in with a passkey alone; the browser knows whose it is. */
export function usePasskeySignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { challenge, options } = await unwrap(api.POST('/api/session/passkey/challenge'));
      const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
      const response = await startAuthentication({ optionsJSON });
      return unwrap(
        api.POST('/api/session/passkey', {
          body: { challenge, response: { ...response, clientExtensionResults: {} } },
        }),
      );
    },
    onSuccess: (session) => {
      queryClient.clear();
      keeper.accept(session);
    },
  });
}
