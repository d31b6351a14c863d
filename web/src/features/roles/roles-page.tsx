import { Button, Modal, Title } from '@mantine/core';
import { IconPlus, IconUserShield } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { customRolesQuery, featureLevelsQuery } from '../../lib/access/access-queries.ts';
import type { CustomRole } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { DeleteRoleDialog } from './delete-role-dialog.tsx';
import { LevelsForm } from './levels-form.tsx';
import { RoleForm } from './role-form.tsx';
import { RoleRows } from './role-rows.tsx';
import classes from './roles.module.css';

/** What features need in this tenant, and its custom roles. */
export function RolesPage() {
  const { tenantId = '' } = useParams();
  const roles = useQuery(customRolesQuery(tenantId));
  const levels = useQuery(featureLevelsQuery(tenantId));
  const [composing, setComposing] = useState<CustomRole | 'new' | null>(null);
  const [deleting, setDeleting] = useState<CustomRole | null>(null);
  const failed = roles.error ?? levels.error;
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setComposing('new')}>
      Compose a role
    </Button>
  );
  return (
    <Page
      title="Roles"
      lead="What people may beside their role, and which access level a feature needs. It counts within two seconds, for API keys too."
      actions={button}
    >
      {failed && (
        <ProblemPanel
          title="The roles could not be read"
          error={failed}
          onRetry={() => void Promise.all([roles.refetch(), levels.refetch()])}
        />
      )}
      {(roles.isPending || levels.isPending) && <RowsSkeleton label="The roles are loading" />}
      {roles.data?.roles.length === 0 && (
        <EmptyState
          icon={<IconUserShield size={26} />}
          title="No custom role yet"
          text="Compose one of single permissions, then give it to people on the page Team, beside what they are already."
        />
      )}
      {roles.data && roles.data.roles.length > 0 && (
        <RoleRows roles={roles.data.roles} onEdit={setComposing} onDelete={setDeleting} />
      )}
      {levels.data && (
        <>
          <Title order={2} className={classes.heading ?? ''}>
            Access levels
          </Title>
          <LevelsForm
            key={levels.data.features.map(({ needed }) => needed).join()}
            tenantId={tenantId}
            levels={levels.data}
          />
        </>
      )}
      <Modal
        opened={composing !== null}
        onClose={() => setComposing(null)}
        title={composing === 'new' ? 'Compose a role' : 'Change the role'}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {composing && roles.data && (
          <RoleForm
            tenantId={tenantId}
            role={composing === 'new' ? null : composing}
            permissions={roles.data.permissions}
            onDone={() => setComposing(null)}
          />
        )}
      </Modal>
      {deleting && (
        <DeleteRoleDialog tenantId={tenantId} role={deleting} onClose={() => setDeleting(null)} />
      )}
    </Page>
  );
}
