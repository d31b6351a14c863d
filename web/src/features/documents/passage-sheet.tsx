import { useQuery } from '@tanstack/react-query';
import { passageQuery } from '../../lib/passages/passage-query.ts';
import { PassageSkeleton } from '../../ui/passage-skeleton.tsx';
import { PassageView } from '../../ui/passage-view.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';

/** One passage of the open document. */
export function PassageSheet({ tenantId, chunkId }: { tenantId: string; chunkId: string }) {
  const { data, error, refetch } = useQuery(passageQuery(tenantId, chunkId));
  if (error)
    return (
      <ProblemPanel
        title="The passage could not be opened"
        error={error}
        onRetry={() => void refetch()}
      />
    );
  return data ? <PassageView passage={data} /> : <PassageSkeleton />;
}
