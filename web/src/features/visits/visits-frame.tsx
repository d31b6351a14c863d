import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Visit } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { VisitRows } from './visit-rows.tsx';

interface VisitsFrameProps {
  lead: string;
  actions?: ReactNode;
  visits: UseQueryResult<{ visits: Visit[] }>;
  /** Of the last change. */
  error: unknown;
  /** Above the list, once it is here. */
  rule?: ReactNode;
  empty: { icon: ReactNode; title: string; text: string };
  titleOf: (visit: Visit) => string;
  actionsOf: (visit: Visit) => ReactNode;
  children: ReactNode;
}

/** The list of visits, whoever looks at it: the platform or the tenant. */
export function VisitsFrame(props: VisitsFrameProps) {
  const { lead, actions, visits, error, rule, empty, titleOf, actionsOf, children } = props;
  return (
    <Page title="Visits" lead={lead} actions={actions}>
      {visits.isPending && <RowsSkeleton label="The visits are loading" />}
      {visits.error && (
        <ProblemPanel
          title="The visits could not be listed"
          error={visits.error}
          onRetry={() => void visits.refetch()}
        />
      )}
      {Boolean(error) && <ProblemPanel title="Nothing was changed" error={error} />}
      {visits.data && rule}
      {visits.data?.visits.length === 0 && <EmptyState {...empty} />}
      {visits.data && visits.data.visits.length > 0 && (
        <VisitRows
          label="Visits"
          visits={visits.data.visits}
          titleOf={titleOf}
          actionsOf={actionsOf}
        />
      )}
      {children}
    </Page>
  );
}
