import { Button, Skeleton, Stack, Title } from '@mantine/core';
import { IconMessageOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Citation, Conversation } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './thread.module.css';
import { toTurns } from './to-turns.ts';
import { TurnView } from './turn-view.tsx';
import { useStickToEnd } from './use-stick-to-end.ts';

interface ThreadProps {
  conversation: UseQueryResult<Conversation>;
  connection: 'connected' | 'lost';
  onOpen: (citation: Citation) => void;
  onRegenerate: ((messageId: string) => void) | null;
}

/** The turns of a conversation, or why they can't be shown. */
export function Thread({ conversation, connection, onOpen, onRegenerate }: ThreadProps) {
  const { tenantId = '' } = useParams();
  const { data, error, refetch } = conversation;
  useStickToEnd(data, data?.messages.length ?? 0);
  if (error && !data) {
    return (
      <div className={classes.thread}>
        {toProblem(error).status === 404 ? (
          <EmptyState
            icon={<IconMessageOff size={26} />}
            title="This conversation is not here"
            text="It was deleted, or it is somebody else’s."
          >
            <Button component={Link} to={`/t/${tenantId}`} variant="default">
              Ask something new
            </Button>
          </EmptyState>
        ) : (
          <ProblemPanel
            title="The conversation could not be opened"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
      </div>
    );
  }
  if (!data) {
    return (
      <Stack
        className={classes.thread ?? ''}
        aria-busy="true"
        aria-label="The conversation is loading"
      >
        <Skeleton height={40} width="45%" ml="auto" radius="lg" />
        <Skeleton height={18} />
        <Skeleton height={18} width="92%" />
        <Skeleton height={18} width="70%" />
      </Stack>
    );
  }
  return (
    <div className={classes.thread}>
      <Title order={1} className="for-screen-readers">
        {data.title ?? 'Conversation'}
      </Title>
      {toTurns(data.messages).map((turn, index) => (
        <TurnView
          key={index}
          turn={turn}
          connection={connection}
          onOpen={onOpen}
          onRegenerate={onRegenerate}
        />
      ))}
    </div>
  );
}
