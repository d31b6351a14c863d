import { Anchor, Button } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Group } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { givenWords, sourceWords } from './group-words.ts';
import { groupsQuery } from './groups-query.ts';
import { MakeGroupDialog } from './make-group-dialog.tsx';
import { useChangeGroups } from './use-change-groups.ts';

/** The groups of the tenant: who looks after each, and which role it gives. */
export function GroupsPage() {
  const { tenantId = '' } = useParams();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(groupsQuery(tenantId));
  const change = useChangeGroups(tenantId);
  const [making, setMaking] = useState(false);
  const remove = ({ id, name }: Group): void =>
    change.mutate(
      { verb: 'remove', groupId: id },
      {
        onSuccess: () => {
          announce(`${name} is removed`);
          void refetch();
        },
      },
    );
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      Make a group
    </Button>
  );
  return (
    <Page
      title="Groups"
      lead="A group can give its members a role, an access level and custom roles. Of several that somebody has, the highest counts, and all custom roles do."
      actions={button}
    >
      {isPending && <RowsSkeleton label="The groups are loading" count={3} />}
      {error && (
        <ProblemPanel
          title="The groups could not be listed"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      {data?.groups.length === 0 && (
        <EmptyState
          icon={<IconUsersGroup size={26} />}
          title="No group yet"
          text="Make one here, or let your directory bring its own."
        >
          {button}
        </EmptyState>
      )}
      {data && data.groups.length > 0 && (
        <ul className={rows.rows} aria-label="Groups">
          {data.groups.map((group) => (
            <li key={group.id} className={rows.row}>
              {group.trusted ? (
                <Anchor className={rows.title ?? ''} component={Link} to={group.id}>
                  {group.name}
                </Anchor>
              ) : (
                <span className={rows.title}>{group.name}</span>
              )}
              {group.trusted ? (
                <StateBadge tone={group.role === 'admin' ? 'warn' : 'good'}>
                  {givenWords(group)}
                </StateBadge>
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Remove: ${group.name}`}
                  onClick={() => remove(group)}
                >
                  Remove
                </Button>
              )}
              <span className={`${rows.note} ${rows.full}`}>
                {group.trusted
                  ? `${plural(group.members, { one: '# member', other: '# members' })} · ${sourceWords(group)}`
                  : 'Not as this server wrote it: it gives nothing. Tell whoever runs the host.'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {making && (
        <MakeGroupDialog
          tenantId={tenantId}
          onClose={() => setMaking(false)}
          onMade={(groupId) => void navigate(groupId)}
        />
      )}
    </Page>
  );
}
