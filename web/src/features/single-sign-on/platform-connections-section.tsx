import { Button, Group, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './sso.module.css';

const STATES = {
  asks: { tone: 'busy', label: 'Asks' },
  changed: { tone: 'warn', label: 'Changed since' },
  let_in: { tone: 'good', label: 'Let in' },
} as const;

interface Wish {
  id: string;
  /** Null: it is let in no more. */
  terms: string | null;
}

/** Directories of the platform, which open this tenant to nobody before it says so. */
export function PlatformConnectionsSection({ tenantId }: { tenantId: string }) {
  const queryClient = useQueryClient();
  const queryKey = ['platform-connections', tenantId];
  const asking = useQuery({
    queryKey,
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/platform-connections', { params: { path: { tenantId } } }),
      ),
  });
  const change = useMutation({
    mutationFn: async ({ id, terms }: Wish) => {
      const path = '/api/tenants/{tenantId}/platform-connections/{connectionId}';
      const params = { path: { tenantId, connectionId: id } };
      if (terms === null) await unwrap(api.DELETE(path, { params }));
      else await unwrap(api.PUT(path, { params, body: { terms } }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  const list = asking.data?.connections ?? [];
  return (
    <section aria-label="Directories of the platform">
      <Title order={2} className={classes.heading ?? ''}>
        Directories of the platform
      </Title>
      {asking.isPending && (
        <RowsSkeleton label="The directories of the platform are loading" count={1} />
      )}
      {asking.error && (
        <ProblemPanel
          title="The directories of the platform could not be listed"
          error={asking.error}
          onRetry={() => void asking.refetch()}
        />
      )}
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      {asking.data && list.length === 0 && <p>Whoever runs the platform has connected none.</p>}
      {list.length > 0 && (
        <ul className={rows.rows} aria-label="Directories of the platform">
          {list.map(({ id, name, hosts, domains, mappings, justInTime, terms, state }) => (
            <li key={id} className={rows.row}>
              <span className={rows.title}>{name}</span>
              <Group gap="xs" wrap="nowrap">
                <StateBadge tone={STATES[state].tone}>{STATES[state].label}</StateBadge>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={state === 'let_in' ? `Shut ${name} out` : `Let ${name} in`}
                  loading={change.isPending && change.variables.id === id}
                  onClick={() =>
                    change.mutate(
                      { id, terms: state === 'let_in' ? null : terms },
                      {
                        onSuccess: () =>
                          announce(
                            state === 'let_in' ? `${name} is shut out` : `${name} is let in`,
                          ),
                      },
                    )
                  }
                >
                  {state === 'let_in' ? 'Shut out' : 'Let in'}
                </Button>
              </Group>
              <span className={`${rows.note} ${rows.full}`}>
                {`People of ${domains.join(', ') || 'no domain'}, by ${hosts.join(', ')}`}
                {justInTime ? ' · makes accounts by itself' : ' · for people who are here'}
                {mappings.length === 0
                  ? ' · gives nobody a role here'
                  : ` · gives ${mappings.map(({ group, role }) => `${group}: ${role}`).join(', ')}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
