import { useState } from 'react';
import type { Citation } from '../../lib/api/types.ts';
import { Answer } from './answer.tsx';
import type { Turn } from './to-turns.ts';
import classes from './thread.module.css';

interface TurnViewProps {
  turn: Turn;
  connection: 'connected' | 'lost';
  onOpen: (citation: Citation) => void;
  onRegenerate: ((messageId: string) => void) | null;
}

/** A question and the answer one looks at: the latest, unless one has gone back. */
export function TurnView({ turn, connection, onOpen, onRegenerate }: TurnViewProps) {
  const count = turn.answers.length;
  const [chosen, setChosen] = useState({ count, index: count - 1 });
  // A new answer brings itself to the front.
  if (chosen.count !== count) setChosen({ count, index: count - 1 });
  const index = Math.min(chosen.index, count - 1);
  const answer = turn.answers[index];
  return (
    <div className={classes.turn}>
      <h2 className={classes.question}>{turn.question.content}</h2>
      {answer && (
        <Answer
          key={answer.id.startsWith('new-') ? 'new' : answer.id}
          answer={answer}
          connection={connection}
          onOpen={onOpen}
          onRegenerate={onRegenerate && (() => onRegenerate(answer.id))}
          variant={{ index, count, show: (next) => setChosen({ count, index: next }) }}
        />
      )}
    </div>
  );
}
