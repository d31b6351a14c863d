import { Button, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconFileText, IconMessageCircleQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { plural } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { beginnings } from './beginnings.ts';
import { libraryQuery } from './library-query.ts';
import classes from './thread.module.css';

interface ChatStartProps {
  tenantId: string;
  onPick: (question: string) => void;
}

/** A conversation that has not begun: what can be asked, or what is missing before one can ask. */
export function ChatStart({ tenantId, onPick }: ChatStartProps) {
  const { data } = useQuery(libraryQuery(tenantId));
  if (data?.usage.documents === 0) {
    return (
      <EmptyState
        level={1}
        icon={<IconFileText size={26} />}
        title="First, something to answer from"
        text="Answers come only from the documents of this tenant, and there is none yet."
      >
        <Button component={Link} to={`/t/${tenantId}/documents`}>
          Upload documents
        </Button>
      </EmptyState>
    );
  }
  const about = data
    ? plural(data.usage.documents, { one: 'your document', other: 'your # documents' })
    : 'your documents';
  return (
    <div>
      <EmptyState
        level={1}
        icon={<IconMessageCircleQuestion size={26} />}
        title="What would you like to know?"
        text={`Answers come from ${about}, with the passages they stand on. Where the documents are silent, the answer says so.`}
      />
      <ul className={classes.suggestions} aria-label="Ways to begin">
        {beginnings.map((question) => (
          <li key={question}>
            <UnstyledButton className={classes.suggestion} onClick={() => onPick(question)}>
              {question}
              <IconArrowRight size={16} aria-hidden="true" />
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
