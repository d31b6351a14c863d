import { Button, Modal } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ApiKey, MadeKey } from '../../lib/api/types.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { apiKeysQuery, serviceAccountsQuery } from './api-keys-query.ts';
import { KeyRows } from './key-rows.tsx';
import { MakeKeyForm } from './make-key-form.tsx';
import { ServiceAccounts } from './service-accounts.tsx';
import { ShownKey } from './shown-key.tsx';
import { useRevokeKey } from './use-api-keys.ts';

/** Keys for programs in this tenant: one's own, or all of them for its administrators. */
export function ApiKeysPage() {
  const { tenantId = '' } = useParams();
  const { tenants } = useSession();
  const mayMake =
    tenants.find(({ id }) => id === tenantId)?.permissions.includes('api-keys.use') === true;
  const keys = useQuery(apiKeysQuery(tenantId));
  const manages = keys.data?.manages === true;
  const services = useQuery(serviceAccountsQuery(tenantId, manages));
  const revoke = useRevokeKey(tenantId);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const close = (): void => {
    setMaking(false);
    setMade(null);
  };
  const button = mayMake && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      Make a key
    </Button>
  );
  const failed = keys.error ?? services.error;
  return (
    <Page
      title="API keys"
      lead={
        mayMake
          ? 'For programs. A key passes the same checks as its owner, does only what its scopes name, and ends by itself.'
          : 'Your role or access level lets you have no keys. Those that you made before rest; revoke what is not needed.'
      }
      actions={button}
    >
      {keys.isPending && <RowsSkeleton label="The keys are loading" count={3} />}
      {failed && (
        <ProblemPanel
          title="The keys could not be listed"
          error={failed}
          onRetry={() => void Promise.all([keys.refetch(), manages && services.refetch()])}
        />
      )}
      {keys.data?.keys.length === 0 && (
        <EmptyState
          icon={<IconKey size={26} />}
          title="No key yet"
          text={
            mayMake
              ? 'Make one for each program, with no more scopes than it needs.'
              : 'An administrator of the tenant can let you make some.'
          }
        >
          {button}
        </EmptyState>
      )}
      {keys.data && keys.data.keys.length > 0 && (
        <KeyRows
          keys={keys.data.keys}
          owners={manages}
          now={keys.dataUpdatedAt}
          onRevoke={setRevoking}
        />
      )}
      {services.data && <ServiceAccounts tenantId={tenantId} accounts={services.data.accounts} />}
      <Modal
        opened={making || made !== null}
        onClose={close}
        title={made ? `Your key: ${made.name}` : 'Make a key'}
        // A key that is shown once does not go by a click beside it.
        closeOnClickOutside={made === null}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {made ? (
          <ShownKey made={made} onDone={close} />
        ) : (
          <MakeKeyForm
            tenantId={tenantId}
            scopes={keys.data?.scopes ?? []}
            services={services.data?.accounts ?? []}
            onMade={setMade}
          />
        )}
      </Modal>
      {revoking && (
        <ConfirmDialog
          key={revoking.id}
          opened
          title="Revoke this key?"
          action="Revoke it"
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setRevoking(null)}
          onConfirm={() =>
            revoke.mutate(revoking.id, {
              onSuccess: () => {
                announce(`${revoking.name} is revoked`);
                setRevoking(null);
              },
            })
          }
        >
          <p>
            <strong>{revoking.name}</strong> opens nothing any more within seconds, and nothing
            brings it back. The program that uses it stops.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
