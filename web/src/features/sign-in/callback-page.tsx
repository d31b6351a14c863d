import { Alert, Anchor, Button, Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, Navigate } from 'react-router';
import { useSessionState } from '../../lib/session/use-session.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { FactorStep } from './factor-step.tsx';
import { takeNext } from './kept-next.ts';
import { TestResult } from './test-result.tsx';
import { readBrought, useBroughtBack } from './use-brought-back.ts';

/** Where a provider sends the browser back to: signs in, or shows what a test gave. */
export function CallbackPage() {
  const session = useSessionState();
  const [brought] = useState(() => readBrought(window.location.search));
  const [next] = useState(takeNext);
  const answer = useBroughtBack();
  const sent = useRef(false);
  const ready = session.status !== 'starting';
  const { mutate } = answer;
  useEffect(() => {
    // The code is good once: it leaves the address, and is sent a single time.
    if (!ready || sent.current || 'refused' in brought) return;
    sent.current = true;
    window.history.replaceState(null, '', '/sign-in/callback');
    mutate(brought);
  }, [ready, brought, mutate]);

  if ('refused' in brought || answer.error)
    return (
      <GatePage title="You are not signed in" lead="What your directory said was not enough.">
        {'refused' in brought ? (
          <Alert color="red" variant="light" role="alert">
            {brought.refused}
          </Alert>
        ) : (
          <ProblemPanel title="The sign-in ended here" error={answer.error} />
        )}
        <Button component={Link} to="/sign-in" mt="md" fullWidth>
          Begin again
        </Button>
      </GatePage>
    );
  const { data } = answer;
  if (data && 'challenge' in data)
    return session.status === 'signed-in' ? (
      <Navigate to={next} replace />
    ) : (
      <FactorStep
        after="directory"
        asked={data}
        onAgain={() => window.location.assign('/sign-in')}
      />
    );
  if (data && 'tested' in data) return <TestResult tested={data.tested} />;
  if (data && 'linked' in data)
    return (
      <GatePage title="Connected" lead="From now on you can sign in at your directory, too.">
        <Anchor component={Link} to="/settings/security" underline="always">
          To your security settings
        </Anchor>
      </GatePage>
    );
  if (data && session.status === 'signed-in') return <Navigate to={next} replace />;
  return (
    <GatePage title="Signing in" lead="One moment: your directory is asked.">
      <Loader aria-label="Signing in" />
    </GatePage>
  );
}
