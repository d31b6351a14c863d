import { useMemo } from 'react';
import type { Citation, Message } from '../../lib/api/types.ts';
import classes from './answer.module.css';
import { CitationButton } from './citation-button.tsx';
import { renderAnswer } from './render-answer.tsx';

interface AnswerBodyProps {
  answer: Message;
  onOpen: (citation: Citation) => void;
}

/** The words of an answer, with its citations as buttons. */
export function AnswerBody({ answer, onOpen }: AnswerBodyProps) {
  const { content, sentences, citations } = answer;
  const pending = answer.state === 'streaming';
  const drawn = useMemo(
    () =>
      renderAnswer({
        source: content,
        sentences: sentences ?? [],
        renderCitation: (n) => (
          <CitationButton
            n={n}
            pending={pending}
            citation={citations.find((citation) => citation.n === n)}
            onOpen={onOpen}
          />
        ),
      }),
    [content, sentences, citations, pending, onOpen],
  );
  return <div className={classes.text}>{drawn}</div>;
}
