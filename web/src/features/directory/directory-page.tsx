import { Button, Code, Title } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ScimSetUp } from '../../lib/api/types.ts';
import { formatDay, formatTime, plural } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyAction } from '../../ui/copy-action.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import rows from '../../ui/rows.module.css';
import { ArrivalRows } from './arrival-rows.tsx';
import classes from './directory.module.css';
import { scimQuery, useRevokeToken } from './scim-query.ts';
import { TokenDialog } from './token-dialog.tsx';

type Token = ScimSetUp['tokens'][number];

/** Lets the company's directory say who the people and groups of the tenant are (SCIM 2.0). */
export function DirectoryPage() {
  const { tenantId = '' } = useParams();
  const { data, error, isPending, refetch } = useQuery(scimQuery(tenantId));
  const revoke = useRevokeToken(tenantId);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const live = (data?.tokens ?? []).filter(({ state }) => state === 'active');
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <Page
      title="Directory"
      lead="Your directory says by SCIM 2.0 who comes, who goes, and who is in which group."
      actions={button}
    >
      {isPending && <RowsSkeleton label="The directory is loading" count={3} />}
      {error && (
        <ProblemPanel
          title="The directory could not be read"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data && (
        <>
          <section aria-label="Address">
            <Title order={2} size="h3" className={classes.heading ?? ''}>
              Address for your directory
            </Title>
            <div className={classes.address}>
              <Code className={classes.token ?? ''}>{data.baseUrl}</Code>
              <CopyAction value={data.baseUrl} label="Copy the address" />
            </div>
            <p className={rows.note}>
              {plural(data.counts.users, { one: '# person', other: '# people' })}, of whom{' '}
              {data.counts.active} active, and{' '}
              {plural(data.counts.groups, { one: '# group', other: '# groups' })} came from it.
            </p>
          </section>
          <Title order={2} size="h3" className={classes.heading ?? ''}>
            Tokens
          </Title>
          {live.length === 0 ? (
            <EmptyState
              icon={<IconKey size={26} />}
              title="No token opens this address"
              text="Make one for your directory. It can do this, and nothing else."
            />
          ) : (
            <ul className={rows.rows} aria-label="Tokens">
              {live.map((token) => (
                <li key={token.id} className={rows.row}>
                  <span className={rows.title}>
                    {token.name} …{token.hint}
                  </span>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Revoke: ${token.name}`}
                    onClick={() => setEnding(token)}
                  >
                    Revoke
                  </Button>
                  <span className={`${rows.note} ${rows.full}`}>
                    ends {formatDay(token.expiresAt)} ·{' '}
                    {token.lastUsedAt
                      ? `last used ${formatTime(token.lastUsedAt)}`
                      : 'was never used'}
                    {token.addresses.length > 0 && ` · from ${token.addresses.join(', ')}`}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <Title order={2} size="h3" className={classes.heading ?? ''}>
            What came last
          </Title>
          <ArrivalRows arrivals={data.arrivals} />
        </>
      )}
      {making && <TokenDialog tenantId={tenantId} onClose={() => setMaking(false)} />}
      <ConfirmDialog
        opened={ending !== null}
        title="Revoke this token?"
        action="Revoke it"
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => setEnding(null)}
        onConfirm={() => {
          if (!ending) return;
          revoke.mutate(ending.id, {
            onSuccess: () => {
              announce(`${ending.name} is revoked`);
              setEnding(null);
            },
          });
        }}
      >
        <p>
          The directory is shut out within seconds. Nobody loses anything by that: people and groups
          stay as they are, until somebody changes them here or another token is made.
        </p>
      </ConfirmDialog>
    </Page>
  );
}
