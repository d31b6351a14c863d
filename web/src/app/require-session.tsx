import { Navigate, Outlet, useLocation } from 'react-router';
import { keeper } from '../lib/session/session.ts';
import { useSessionState } from '../lib/session/use-session.ts';
import { GatePage } from '../ui/gate-page.tsx';
import { ProblemPanel } from '../ui/problem-panel.tsx';
import { OpeningPage } from './opening-page.tsx';

/** Lets signed-in people through; everybody else signs in first and comes back to the same place. */
export function RequireSession() {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  if (state.status === 'signed-in') return <Outlet />;
  if (state.status === 'starting') return <OpeningPage />;
  if (state.status === 'unreachable') {
    return (
      <GatePage title="Casemate does not answer" lead="Your session is kept." bare>
        <ProblemPanel
          title="The session could not be renewed"
          error={state.problem}
          onRetry={() => void keeper.start()}
        />
      </GatePage>
    );
  }
  const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
  return <Navigate to={`/sign-in${next}`} replace />;
}
