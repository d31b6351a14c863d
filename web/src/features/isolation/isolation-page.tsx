import { Button, Loader, Title } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { plural } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import classes from './isolation-page.module.css';
import { isolationQuery } from './isolation-query.ts';
import { ReportView } from './report-view.tsx';
import { RunRows } from './run-rows.tsx';
import { useStartTest } from './use-start-test.ts';
import { kindWords } from './words.ts';

/** Attacks two tenants made for it, and shows what one could get of the other. */
export function IsolationPage() {
  const tests = useQuery(isolationQuery());
  const start = useStartTest();
  const runs = tests.data?.runs ?? [];
  const running = runs.find(({ state }) => state === 'running');
  const shown = runs.find(({ report }) => report !== null);
  const button = (
    <Button
      leftSection={<IconShieldLock size={16} />}
      loading={start.isPending}
      // Not disabled: the keyboard must still reach something in what it scrolls.
      aria-disabled={running !== undefined}
      data-disabled={running !== undefined}
      onClick={() => {
        if (!running) start.mutate();
      }}
    >
      Test the isolation
    </Button>
  );
  return (
    <Page
      title="Isolation"
      lead="The appliance attacks two tenants that it makes for this. Your tenants are not touched, and nothing is left."
      actions={button}
    >
      {tests.isPending && <RowsSkeleton label="The tests are loading" count={6} />}
      {tests.error && (
        <ProblemPanel
          title="The tests could not be read"
          error={tests.error}
          onRetry={() => void tests.refetch()}
        />
      )}
      {start.error && <ProblemPanel title="The test did not begin" error={start.error} />}
      {running && (
        <p className={classes.running} role="status">
          <Loader size={18} aria-hidden="true" />
          <span>
            Under way: {kindWords[running.step] ?? running.step} (
            {plural(running.attempts, { one: '# attempt', other: '# attempts' })} so far)
          </span>
        </p>
      )}
      {tests.data && !shown && !running && (
        <EmptyState
          icon={<IconShieldLock size={26} />}
          title="Not tested yet"
          text="A test takes about a minute. Every attempt has a twin by the rightful owner, which must succeed."
        />
      )}
      {running && shown && (
        <Title order={2} size="h4">
          The test before it
        </Title>
      )}
      {shown?.report && <ReportView run={shown} report={shown.report} />}
      <RunRows runs={runs.filter((run) => run !== shown && run !== running)} />
    </Page>
  );
}
