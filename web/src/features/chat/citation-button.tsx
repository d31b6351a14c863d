import { Tooltip, UnstyledButton } from '@mantine/core';
import type { Citation } from '../../lib/api/types.ts';
import classes from './answer.module.css';
import { citationLabel } from './citation-label.ts';

interface CitationButtonProps {
  n: number;
  citation: Citation | undefined;
  /** While the answer is being written its sources are not told yet. */
  pending: boolean;
  onOpen: (citation: Citation) => void;
}

/** A number in an answer that opens its passage; a number without a source stays plain text. */
export function CitationButton({ n, citation, pending, onOpen }: CitationButtonProps) {
  if (!citation) return pending ? <span className={classes.citation}>{n}</span> : ` [${n}]`;
  const label = citationLabel(citation);
  return (
    <>
      {/* Keeps the number on the line of the word before it. */}
      {'\u2060'}
      <Tooltip label={label} multiline maw={320}>
        <UnstyledButton
          className={classes.citation}
          data-deleted={citation.deleted || undefined}
          aria-label={`Source ${n}: ${label}`}
          onClick={() => onOpen(citation)}
        >
          {n}
        </UnstyledButton>
      </Tooltip>
    </>
  );
}
