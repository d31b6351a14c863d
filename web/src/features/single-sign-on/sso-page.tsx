import { Button, Title } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { Connection } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { ClaimsSection } from './claims-section.tsx';
import { ConnectionForm } from './connection-form.tsx';
import { ConnectionRows } from './connection-rows.tsx';
import { DomainsSection } from './domains-section.tsx';
import { PlatformConnectionsSection } from './platform-connections-section.tsx';
import { RulesSection } from './rules-section.tsx';
import type { Owner } from './sso-api.ts';
import classes from './sso.module.css';
import { connectionsQuery } from './use-sso.ts';

export function TenantSsoPage() {
  const { tenantId = '' } = useParams();
  return <SsoPage owner={tenantId} />;
}

export function PlatformSsoPage() {
  return <SsoPage owner={null} />;
}

/** The directories whose people come in, the e-mail domains, and the rules of sign-in. */
function SsoPage({ owner }: { owner: Owner }) {
  const connections = useQuery(connectionsQuery(owner));
  const [editing, setEditing] = useState<Connection | 'new' | null>(null);
  const list = connections.data?.connections ?? [];
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      Connect a directory
    </Button>
  );
  const lead =
    owner === null
      ? 'Directories for the whole platform: their groups give roles in those tenants that let them in.'
      : 'Your people sign in at your own directory, and get their role from its groups.';
  return (
    <Page title="Single sign-on" lead={lead} actions={button}>
      <Title order={2} className={classes.heading ?? ''}>
        Directories
      </Title>
      {connections.isPending && <RowsSkeleton label="The directories are loading" />}
      {connections.error && (
        <ProblemPanel
          title="The directories could not be listed"
          error={connections.error}
          onRetry={() => void connections.refetch()}
        />
      )}
      {connections.data && list.length === 0 && (
        <EmptyState
          icon={<IconBuilding size={26} />}
          title="No directory is connected"
          text="First show that an e-mail domain is yours, then connect the directory of your people."
        />
      )}
      {list.length > 0 && (
        <ConnectionRows owner={owner} connections={list} onEdit={(one) => setEditing(one)} />
      )}
      <DomainsSection owner={owner} />
      {owner !== null && <PlatformConnectionsSection tenantId={owner} />}
      {owner === null ? <ClaimsSection /> : <RulesSection tenantId={owner} />}
      {editing !== null && connections.data && (
        <ConnectionForm
          owner={owner}
          addresses={connections.data}
          connection={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}
