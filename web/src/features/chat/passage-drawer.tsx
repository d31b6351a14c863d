import { Button, Drawer } from '@mantine/core';
import { IconFileOff, IconFileText } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Citation } from '../../lib/api/types.ts';
import { passageQuery } from '../../lib/passages/passage-query.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PassageSkeleton } from '../../ui/passage-skeleton.tsx';
import { PassageView } from '../../ui/passage-view.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './passage-drawer.module.css';

interface PassageDrawerProps {
  tenantId: string;
  citation: Citation | null;
  onClose: () => void;
}

/** Shows at the side the passage that a citation stands on. */
export function PassageDrawer({ tenantId, citation, onClose }: PassageDrawerProps) {
  // The last passage stays readable while the drawer slides out.
  const [shown, setShown] = useState(citation);
  if (citation && citation !== shown) setShown(citation);
  return (
    <Drawer
      opened={citation !== null}
      onClose={onClose}
      position="right"
      size="32rem"
      title={
        <span className={classes.name}>
          {shown ? `${shown.n}. ${shown.documentName}` : 'Source'}
        </span>
      }
      closeButtonProps={{ 'aria-label': 'Close the passage' }}
    >
      {shown && <Source tenantId={tenantId} citation={shown} />}
    </Drawer>
  );
}

function Source({ tenantId, citation }: { tenantId: string; citation: Citation }) {
  const { data, error, refetch } = useQuery({
    ...passageQuery(tenantId, citation.chunkId),
    enabled: !citation.deleted,
  });
  if (citation.deleted || (error && toProblem(error).status === 404)) {
    return (
      <EmptyState
        icon={<IconFileOff size={26} />}
        title="This source was deleted"
        text={`“${citation.documentName}” was removed after this answer was given, and its passages with it. Ask again to get an answer from what is there now.`}
      />
    );
  }
  if (error) {
    return (
      <ProblemPanel
        title="The passage could not be opened"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  if (!data) return <PassageSkeleton />;
  return (
    <>
      <PassageView passage={data} />
      <Button
        className={classes.foot ?? ''}
        variant="default"
        leftSection={<IconFileText size={16} />}
        component={Link}
        to={`/t/${tenantId}/documents/${data.documentId}?passage=${data.chunkId}`}
      >
        Open in the document
      </Button>
    </>
  );
}
