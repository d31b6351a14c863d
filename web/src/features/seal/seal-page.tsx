import { Button, List, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { ApiProblem } from '../../lib/api/api-problem.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { CustodianLine } from './custodian-line.tsx';
import { sealQuery } from './seal-query.ts';
import { useCloseSeal } from './use-close-seal.ts';

/** The seal of an open tenant: whether its search is whole, and the button that seals it. */
export function SealPage() {
  const { tenantId = '' } = useParams();
  const role = useSession().tenants.find(({ id }) => id === tenantId)?.role;
  const { data: seal, error, isPending, refetch } = useQuery(sealQuery(tenantId));
  const close = useCloseSeal(tenantId);
  const [asking, setAsking] = useState(false);
  const standard = error instanceof ApiProblem && error.code === 'not_allowed_now';
  return (
    <Page title="Seal" lead="Who can read this tenant while its key holders are away.">
      {isPending && <RowsSkeleton label="The seal is loading" />}
      {standard && (
        <EmptyState
          icon={<IconLock size={26} />}
          title="This tenant holds no seal of its own"
          text="Its key is kept by the key service of the platform. The tier is chosen when a tenant is made."
        />
      )}
      {error && !standard && (
        <ProblemPanel title="The seal is unknown" error={error} onRetry={() => void refetch()} />
      )}
      {seal && (
        <>
          <StateBadge tone={seal.index === 'whole' ? 'good' : 'busy'}>
            {seal.index === 'whole' ? 'Open' : 'Open; the search index is being rebuilt'}
          </StateBadge>
          <Text mt="md">
            {seal.shares
              ? `${seal.shares.needed} of ${seal.shares.all} key shares open this tenant.`
              : 'The key service does not answer.'}
          </Text>
          <CustodianLine custodian={seal.custodian} />
          <List mt="md">
            <List.Item>Sealed, nobody reads it: no process, no disk, no backup.</List.Item>
            <List.Item>
              Every restart of the key service seals it. A holder must then come.
            </List.Item>
            <List.Item>
              Opening rebuilds the search; until it is whole, questions wait for it.
            </List.Item>
          </List>
          {role === 'admin' && (
            <Button
              mt="lg"
              color="red.8"
              leftSection={<IconLock size={16} />}
              onClick={() => setAsking(true)}
            >
              Seal it now
            </Button>
          )}
        </>
      )}
      <ConfirmDialog
        opened={asking}
        title="Seal this tenant?"
        action="Seal it"
        busy={close.isPending}
        error={close.error}
        onConfirm={() => close.mutate()}
        onClose={() => setAsking(false)}
      >
        All its people are shut out, answers that are being written end, and only its key shares
        open it again. Make sure that you have them.
      </ConfirmDialog>
    </Page>
  );
}
