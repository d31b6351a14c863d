import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { ComponentRows } from './component-rows.tsx';
import { LimitsSection } from './limits-section.tsx';
import { platformStatusQuery } from './platform-status-query.ts';

/** The state of the appliance for platform administrators. */
export function StatusPage() {
  const status = useQuery(platformStatusQuery());
  const troubled =
    status.data?.components.filter((component) => component.status !== 'ok').length ?? 0;
  const lead =
    troubled === 0 ? 'Every part is working.' : 'Some parts need you. What to do stands with each.';
  return (
    <Page title="Platform status" lead={status.data && lead}>
      {status.isPending && <RowsSkeleton label="The status is loading" count={5} />}
      {status.error && (
        <ProblemPanel
          title="The status could not be read"
          error={status.error}
          onRetry={() => void status.refetch()}
        />
      )}
      {status.data && <ComponentRows components={status.data.components} />}
      <LimitsSection />
      {status.data && (
        <Text size="sm" c="dimmed" mt="md">
          Version {status.data.version}
        </Text>
      )}
    </Page>
  );
}
