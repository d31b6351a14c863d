import { Alert, Button } from '@mantine/core';
import type { FactorChallenge } from '../../lib/api/types.ts';
import { toProblem } from '../../lib/api/api-problem.ts';
import { FactorForm } from '../../ui/factor-form.tsx';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { resetToken } from './reset-token.ts';
import { sendFactorCode, useFactor } from './use-factor.ts';
import { useResetLink } from './use-reset-link.ts';

interface FactorStepProps {
  /** What went before. */
  after: 'password' | 'directory';
  asked: FactorChallenge;
  onAgain: () => void;
}

/** The second step of signing in; when it has run out, one begins again. */
export function FactorStep({ after, asked, onAgain }: FactorStepProps) {
  const factor = useFactor();
  const reset = useResetLink();
  const link = resetToken(window.location.hash);
  const over = factor.error !== null && toProblem(factor.error).status === 410;
  return (
    <GatePage
      title="Your second factor"
      lead={`${after === 'password' ? 'The password was right' : 'Your directory knows you'}. Now show that it is you.`}
    >
      {link !== null && (
        <Alert color="petrol" variant="light" mb="md" title="You came by an administrator’s link">
          <p>It takes all your second factors away. You then set up a new one.</p>
          {reset.error && <ProblemPanel title="The link did not work" error={reset.error} />}
          <Button
            loading={reset.isPending}
            onClick={() => reset.mutate({ challenge: asked.challenge, link })}
          >
            Use the link
          </Button>
        </Alert>
      )}
      {over ? (
        <ProblemPanel title="You are not signed in" error={factor.error} />
      ) : (
        <FactorForm
          asked={asked}
          busy={factor.isPending}
          error={factor.error}
          onSend={() => sendFactorCode(asked.challenge)}
          onAnswer={(answer) => factor.mutate({ challenge: asked.challenge, answer })}
        />
      )}
      <Button variant="subtle" size="compact-sm" mt="md" fullWidth onClick={onAgain}>
        Sign in again
      </Button>
    </GatePage>
  );
}
