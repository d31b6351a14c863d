import { Button, Text, Title } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { formatTime } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { AlertRows } from './alert-rows.tsx';
import { FactGrid } from './fact-grid.tsx';
import { MinuteChart } from './minute-chart.tsx';
import classes from './overview-page.module.css';
import { overviewFacts } from './overview-facts.ts';
import { overviewQuery } from './overview-query.ts';

/** How the appliance is doing, for sites without a monitoring of their own. */
export function OverviewPage() {
  const query = useQuery(overviewQuery());
  const overview = query.data;
  const open = overview?.alerts.filter(({ resolvedAt }) => resolvedAt === null).length ?? 0;
  const lead =
    open === 0 ? 'No alert is open.' : 'Somebody should look at what stands under Alerts.';
  return (
    // The button is also what the keyboard scrolls the page by: nothing else here takes the focus.
    <Page
      title="Overview"
      lead={overview && lead}
      actions={
        <Button variant="default" onClick={() => void query.refetch()}>
          Look again
        </Button>
      }
    >
      {query.isPending && <RowsSkeleton label="The overview is loading" count={6} />}
      {query.error && (
        <ProblemPanel
          title="The overview could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {overview && (
        <>
          <FactGrid facts={overviewFacts(overview)} />
          <section className={classes.section} aria-labelledby="overview-alerts">
            <Title order={2} size="h4" mb="xs" id="overview-alerts">
              Alerts
            </Title>
            {overview.alerts.length === 0 ? (
              <EmptyState
                icon={<IconBellOff size={26} />}
                title="There was no alert in the last month"
                text="What goes wrong stands here, with what to do."
              />
            ) : (
              <AlertRows alerts={overview.alerts} />
            )}
            <Text size="sm" c="dimmed" mt="xs">
              {overview.mailed ? (
                'Alerts are mailed, too.'
              ) : (
                <>
                  Alerts are not mailed: <code>casemate monitoring mail</code> names a relay.
                </>
              )}
            </Text>
          </section>
          <section className={classes.section} aria-labelledby="overview-requests">
            <Title order={2} size="h4" mb="xs" id="overview-requests">
              Requests of the last hour
            </Title>
            <MinuteChart minutes={overview.minutes} />
          </section>
          <Text size="sm" c="dimmed">
            {overview.lookedAt
              ? `As of ${formatTime(overview.lookedAt)}, by the server that answered.`
              : 'The server has just started and has not looked yet.'}
          </Text>
        </>
      )}
    </Page>
  );
}
