import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

export type Brought = { state: string; code: string; iss?: string };

/** Hands over what the provider sent along; a session begins where it was a sign-in. */
export function useBroughtBack() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Brought) => unwrap(api.POST('/api/session/sso/answer', { body })),
    onSuccess: (outcome) => {
      if (!('accessToken' in outcome)) return;
      queryClient.clear();
      keeper.accept(outcome);
    },
  });
}

const SAML_FAULTS: Readonly<Record<string, string>> = {
  not_begun_here:
    'This sign-in was not begun here, was used already, or has run out. Begin at the sign-in page: a directory can not begin by itself.',
  unreadable: 'What your directory sent can not be read; its administrator can find out why.',
};

/** What stands in the address that the provider sent the browser to; a word why where it sent none. */
export function readBrought(search: string): Brought | { refused: string } {
  const params = new URLSearchParams(search);
  const [state, code, iss] = ['state', 'code', 'iss'].map((name) => params.get(name));
  if (state && code) return iss ? { state, code, iss } : { state, code };
  const error = params.get('error') ?? '';
  // Only known words are shown: what stands in an address can be anybody's.
  if (error === 'access_denied') return { refused: 'Your directory did not let you in.' };
  const known = Object.hasOwn(SAML_FAULTS, error) ? SAML_FAULTS[error] : undefined;
  if (known !== undefined) return { refused: known };
  if (error === '') return { refused: 'The directory sent nothing along.' };
  return { refused: 'Your directory could not sign you in; its administrator can find out why.' };
}
