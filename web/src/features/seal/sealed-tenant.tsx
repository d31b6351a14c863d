import { Loader } from '@mantine/core';
import { IconKey, IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Membership, Seal } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { CustodianLine } from './custodian-line.tsx';
import { FirstOpening } from './first-opening.tsx';
import { OpenForm } from './open-form.tsx';
import { PromptsLine } from './prompts-line.tsx';
import { sealQuery } from './seal-query.ts';

const reasons: Record<NonNullable<Seal['reason']>, string> = {
  new: 'It was never opened.',
  person: 'One of its administrators sealed it.',
  key_service: 'The key service was restarted; that seals every tenant of this tier.',
};

/** What the people of a tenant see while its own seal keeps it closed. */
export function SealedTenant({ tenant }: { tenant: Membership }) {
  const { data: seal, error, refetch } = useQuery(sealQuery(tenant.id));
  const open = seal?.state === 'active' && !seal.sealed;
  useEffect(() => {
    if (open) void reloadMemberships();
  }, [open]);
  const [drawn, setDrawn] = useState(false);
  const again = (): void => void refetch();

  if (error)
    return (
      <ProblemPanel title="The seal is unknown" error={error} onRetry={() => void refetch()} />
    );
  if (!seal || !seal.sealed)
    return (
      <EmptyState
        icon={<Loader size="sm" />}
        title={seal?.state === 'active' ? 'The tenant is open' : 'The chamber is being built'}
        text="A schema, a role and keys in a namespace of its own. This takes a moment."
      />
    );
  // The page that took them shows them until it is left, although they count as taken.
  const drawing = seal.reason === 'new' && (drawn || (seal.custodian?.takenAt ?? null) === null);
  if (tenant.role !== 'admin' || (drawing && seal.custodian?.you !== true))
    return (
      <>
        <EmptyState
          level={1}
          icon={<IconLock size={26} />}
          title="This tenant is sealed"
          text={`${reasons[seal.reason ?? 'person']} Nothing in it is lost; ${drawing ? 'its custodian makes its key shares' : 'one of its administrators opens it with its key shares'}.`}
        />
        <PromptsLine since={seal.promptsLeftSince} />
        <CustodianLine custodian={seal.custodian} />
      </>
    );
  if (drawing)
    return (
      <Page title="Make the key of this tenant" lead="It holds its own seal: you keep the key.">
        <FirstOpening
          tenantId={tenant.id}
          name={tenant.name}
          onDraw={() => setDrawn(true)}
          onOpened={again}
        />
      </Page>
    );
  return (
    <Page
      title="This tenant is sealed"
      lead={`${reasons[seal.reason ?? 'person']} Since ${seal.since === null ? 'a moment' : formatTime(seal.since)} nobody reads what is in it.`}
    >
      <IconKey size={26} aria-hidden="true" />
      <OpenForm tenantId={tenant.id} shares={seal.shares} onOpened={again} />
      <PromptsLine since={seal.promptsLeftSince} />
      <CustodianLine custodian={seal.custodian} />
    </Page>
  );
}
