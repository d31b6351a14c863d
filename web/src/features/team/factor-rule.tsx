import { Switch, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { TeamMember } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { plural } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import classes from './team-page.module.css';

/** Whether everybody of the tenant needs a second factor, and how many have none yet. */
export function FactorRule({ tenantId, members }: { tenantId: string; members: TeamMember[] }) {
  const queryClient = useQueryClient();
  const params = { path: { tenantId } };
  const queryKey = ['factor-rule', tenantId];
  const rule = useQuery({
    queryKey,
    queryFn: () => unwrap(api.GET('/api/tenants/{tenantId}/second-factors', { params })),
  });
  const save = useMutation({
    mutationFn: (everyone: boolean) =>
      unwrap(api.PUT('/api/tenants/{tenantId}/second-factors', { params, body: { everyone } })),
    onSuccess: (_done, everyone) => {
      announce(everyone ? 'Everybody needs a second factor now' : 'Roles decide again');
      return queryClient.invalidateQueries({ queryKey });
    },
  });
  const without = members.filter(
    ({ state, secondFactor }) => state === 'active' && secondFactor === 'none',
  );
  return (
    <section aria-label="Second factors">
      <Title order={2} className={classes.heading ?? ''}>
        Second factors
      </Title>
      {rule.isPending && <RowsSkeleton label="The rule is loading" count={1} />}
      {rule.error && (
        <ProblemPanel
          title="The rule could not be read"
          error={rule.error}
          onRetry={() => void rule.refetch()}
        />
      )}
      {rule.data && (
        <Switch
          label="Everybody needs a second factor"
          description={
            rule.data.byPlatform
              ? 'Whoever runs the installation demands one of everybody.'
              : 'Reviewers and administrators always do. Whoever has none is led to set one up before anything else, within seconds.'
          }
          disabled={rule.data.byPlatform || save.isPending}
          checked={rule.data.byPlatform || rule.data.everyone}
          onChange={(event) => save.mutate(event.currentTarget.checked)}
        />
      )}
      {rule.data?.trusted === false && (
        <p className={classes.words}>
          The rule in the database is not as this server wrote it, so everybody needs one. Set it
          anew, and tell whoever runs the host.
        </p>
      )}
      <p className={classes.words}>
        {without.length === 0
          ? 'Everybody has one.'
          : `${plural(without.length, { one: 'One person has', other: '# people have' })} none yet; the list says who.`}
      </p>
      {save.error && <ProblemPanel title="Nothing was changed" error={save.error} />}
    </section>
  );
}
