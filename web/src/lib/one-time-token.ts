import { useEffect, useState } from 'react';

/**
 * The token of a one-time link, which stands behind `#` so that no server's log has it. It is taken out
 * of the address bar, where the next person at this desk would find it.
 */
export function useOneTimeToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    if (window.location.hash !== '')
      window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}
