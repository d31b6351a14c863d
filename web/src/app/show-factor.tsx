import { Skeleton } from '@mantine/core';
import { toProblem } from '../lib/api/api-problem.ts';
import { keeper } from '../lib/session/session.ts';
import { FactorForm } from '../ui/factor-form.tsx';
import { ProblemPanel } from '../ui/problem-panel.tsx';
import { sendStepUpCode, useStepUpAnswer, useStepUpChallenge } from './use-step-up.ts';

/** Asks for a factor in the session that runs. Three wrong answers end that session. */
export function ShowFactor({ onShown }: { onShown: () => void }) {
  const asked = useStepUpChallenge();
  const answer = useStepUpAnswer();
  if (asked.error)
    return (
      <ProblemPanel
        title="Casemate could not ask for your factor"
        error={asked.error}
        onRetry={() => void asked.refetch()}
      />
    );
  if (!asked.data) return <Skeleton height={120} aria-busy="true" />;
  const { data } = asked;
  return (
    <FactorForm
      asked={data}
      busy={answer.isPending}
      error={answer.error}
      onSend={() => sendStepUpCode(data.challenge)}
      onAnswer={(given) =>
        answer.mutate(
          { challenge: data.challenge, answer: given },
          {
            onSuccess: onShown,
            onError: (error) => {
              if (toProblem(error).status === 410) keeper.forget({ expired: true });
            },
          },
        )
      }
    />
  );
}
