import { startRegistration } from '@simplewebauthn/browser';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Has the browser make a passkey for this installation. */
export function useAddPasskey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      const { challenge, options } = await unwrap(api.POST('/api/me/factors/passkeys/challenge'));
      const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
      const response = await startRegistration({ optionsJSON });
      return unwrap(
        api.POST('/api/me/factors/passkeys', {
          body: { challenge, name, response: { ...response, clientExtensionResults: {} } },
        }),
      );
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['me', 'factors'] }),
  });
}
