import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { BreakerRows } from './breaker-rows.tsx';
import { LimitTable } from './limit-table.tsx';
import { LockoutRows } from './lockout-rows.tsx';
import { platformLimitsQuery } from './platform-limits-query.ts';

/** Breakers, lockouts and limits, below the parts of the appliance. */
export function LimitsSection() {
  const limits = useQuery(platformLimitsQuery());
  if (limits.isPending) return <RowsSkeleton label="The limits are loading" count={3} />;
  if (limits.error)
    return (
      <ProblemPanel
        title="The limits could not be read"
        error={limits.error}
        onRetry={() => void limits.refetch()}
      />
    );
  const { breakers, lockouts, load } = limits.data;
  return (
    <>
      <Title order={2} size="h4" mt="xl" mb="xs">
        Breakers
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Of the process that answered. Requests in flight: {load.inFlight}; waiting for a connection:{' '}
        {load.waiting}; refused because there was too much to do: {load.shed}.
      </Text>
      <BreakerRows breakers={breakers} />
      <Title order={2} size="h4" mt="xl" mb="xs">
        Lockouts
      </Title>
      {lockouts.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody is locked out.
        </Text>
      ) : (
        <LockoutRows lockouts={lockouts} />
      )}
      <Title order={2} size="h4" mt="xl" mb="xs">
        Limits in force
      </Title>
      <LimitTable limits={limits.data.limits} />
    </>
  );
}
