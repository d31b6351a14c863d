import { UnstyledButton } from '@mantine/core';
import type { Citation } from '../../lib/api/types.ts';
import classes from './answer.module.css';

interface SourceListProps {
  citations: Citation[];
  onOpen: (citation: Citation) => void;
}

/** The sources of an answer, one a line. */
export function SourceList({ citations, onOpen }: SourceListProps) {
  if (citations.length === 0) return null;
  return (
    <ol className={classes.sources} aria-label="Sources">
      {citations.map((citation) => {
        const where = [
          ...citation.headings.slice(-1),
          citation.page === null ? null : `page ${citation.page}`,
        ];
        const note = where.filter(Boolean).join(', ');
        return (
          <li key={citation.n}>
            <UnstyledButton className={classes.source} onClick={() => onOpen(citation)}>
              <span className={classes.citation} data-deleted={citation.deleted || undefined}>
                {citation.n}
              </span>
              <span className={classes.where}>
                {citation.documentName} {note && <em>· {note}</em>}
                {citation.deleted && <em> · deleted since</em>}
              </span>
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}
