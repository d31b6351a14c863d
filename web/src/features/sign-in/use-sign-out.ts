import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { toProblem } from '../../lib/api/api-problem.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/** Ends the session on the server, then forgets it and everything read with it in this tab. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      // Asked while there is a session; where it can't be asked, one signs out here alone.
      const away = await unwrap(api.GET('/api/me/sign-out')).catch(() => ({ url: null }));
      await unwrap(api.DELETE('/api/session')).catch((error: unknown) => {
        // A session that is over already is as good as signed out; anything else must be said.
        if (toProblem(error).status !== 401) throw error;
      });
      return away.url;
    },
    onSuccess: (url) => {
      keeper.forget({ expired: false });
      queryClient.clear();
      if (url !== null) window.location.assign(url);
    },
  });
}
