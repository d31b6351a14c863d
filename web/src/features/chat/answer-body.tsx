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
  const drawn = useMemo(
    () =>
      renderAnswer({
        source: content,
        sentences: sentences ?? [],
        renderCitation: (n) => (
          <CitationButton
            n={n}
            citation={citations.find((citation) => citation.n === n)}
            onOpen={onOpen}
          />
        ),
      }),
    [content, sentences, citations, onOpen],
  );
  return <div className={classes.text}>{drawn}</div>;
}
