import { Alert } from '@mantine/core';
import type { Decision } from '../lib/api/types.ts';
import { decisionWords } from './decision-words.ts';

/** Whether somebody would be let in, as what, and why. */
export function DecisionView({ decision }: { decision: Decision }) {
  const admitted = decision.outcome === 'admitted';
  return (
    <Alert
      color={admitted ? 'petrol' : 'yellow'}
      variant="light"
      role="status"
      title={admitted ? 'Would be let in' : 'Would not be let in'}
    >
      {decisionWords(decision).map((word) => (
        <p key={word}>{word}</p>
      ))}
    </Alert>
  );
}
