import { Anchor, Button } from '@mantine/core';
import { IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { GroupMembers } from './group-members.tsx';
import { GivenForm } from './given-form.tsx';
import { sourceWords } from './group-words.ts';
import { groupQuery } from './groups-query.ts';
import { useChangeGroups } from './use-change-groups.ts';

/** One group: what it gives, and who is in it. */
export function GroupPage() {
  const { tenantId = '', groupId = '' } = useParams();
  const navigate = useNavigate();
  const { data: group, error, isPending, refetch } = useQuery(groupQuery(tenantId, groupId));
  const change = useChangeGroups(tenantId);
  const [removing, setRemoving] = useState(false);
  const list = `/t/${tenantId}/groups`;
  if (!group) {
    return (
      <Page title="Group">
        {isPending && <RowsSkeleton label="The group is loading" />}
        {error && toProblem(error).status === 404 && (
          <EmptyState
            icon={<IconUsersGroup size={26} />}
            title="This group is not here"
            text="It was removed, or it belongs to another tenant."
          >
            <Button component={Link} to={list} variant="default">
              To the groups
            </Button>
          </EmptyState>
        )}
        {error && toProblem(error).status !== 404 && (
          <ProblemPanel
            title="The group could not be opened"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
      </Page>
    );
  }
  const local = group.source === 'local';
  return (
    <Page
      title={group.name}
      lead={
        <>
          {local
            ? 'Kept here.'
            : `This group ${sourceWords(group)}: its name and its members are changed there.`}{' '}
          <Anchor component={Link} to={list}>
            All groups
          </Anchor>
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconTrash size={16} />}
          onClick={() => setRemoving(true)}
        >
          Remove
        </Button>
      }
    >
      <GivenForm
        key={JSON.stringify([group.role, group.level, group.customRoles])}
        tenantId={tenantId}
        group={group}
      />
      {change.error && !removing && (
        <ProblemPanel title="Nothing was changed" error={change.error} />
      )}
      <GroupMembers
        tenantId={tenantId}
        people={group.people}
        readOnly={!local}
        busy={change.isPending}
        onChange={(verb, accountId, words) =>
          change.mutate({ verb, groupId, accountId }, { onSuccess: () => announce(words) })
        }
      />
      <ConfirmDialog
        opened={removing}
        title="Remove this group?"
        action="Remove it"
        busy={change.isPending}
        error={change.error}
        onClose={() => setRemoving(false)}
        onConfirm={() =>
          change.mutate(
            { verb: 'remove', groupId },
            {
              onSuccess: () => {
                announce(`${group.name} is removed`);
                void navigate(list);
              },
            },
          )
        }
      >
        <p>
          The people of <strong>{group.name}</strong> stay in the tenant, with what they have
          without it. {!local && 'Your directory may bring it again.'}
        </p>
      </ConfirmDialog>
    </Page>
  );
}
