import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Decision } from '../lib/api/types.ts';
import { decisionWords } from './decision-words.ts';

/** Whether somebody would be let in, as what, and why. */
export function DecisionView({ decision }: { decision: Decision }) {
  const admitted = decision.outcome === 'admitted';
  return (
    <Alert
      role="status"
      {...(admitted
        ? { color: 'petrol', variant: 'light' }
        : { variant: 'default', icon: <IconAlertTriangle /> })}
      title={admitted ? 'Would be let in' : 'Would not be let in'}
    >
      {decisionWords(decision).map((word) => (
        <p key={word}>{word}</p>
      ))}
    </Alert>
  );
}
