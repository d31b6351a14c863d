import { Button, Modal, NativeSelect, Stack, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { ServiceAccount } from '../../lib/api/types.ts';
import { formatDay, plural } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import classes from './api-keys.module.css';
import { useDeleteServiceAccount, useMakeServiceAccount } from './use-api-keys.ts';

const ROLES = [
  { value: 'member', label: 'Member: reads, searches, asks' },
  { value: 'reviewer', label: 'Reviewer: reads and searches' },
  { value: 'admin', label: 'Administrator: uploads and deletes documents too' },
];

interface ServiceAccountsProps {
  tenantId: string;
  accounts: ServiceAccount[];
}

/** Accounts for programs: they belong to the tenant and not to a person who may leave. */
export function ServiceAccounts({ tenantId, accounts }: ServiceAccountsProps) {
  const remove = useDeleteServiceAccount(tenantId);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ServiceAccount | null>(null);
  return (
    <section aria-label="Service accounts">
      <div className={classes.section}>
        <Title order={2} size="h3">
          Service accounts
        </Title>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setMaking(true)}
        >
          Make a service account
        </Button>
      </div>
      {accounts.length === 0 && (
        <p className={rows.note}>
          None yet. A service account keeps a program running when the person who set it up leaves.
        </p>
      )}
      {accounts.length > 0 && (
        <ul className={rows.rows}>
          {accounts.map((account) => (
            <li key={account.id} className={rows.row}>
              <span className={rows.title}>{account.name}</span>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`End: ${account.name}`}
                onClick={() => setEnding(account)}
              >
                End
              </Button>
              <span className={`${rows.note} ${rows.full}`}>
                {account.role}, {plural(account.keys, { one: '# key', other: '# keys' })}, made{' '}
                {formatDay(account.createdAt)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title="Make a service account"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ServiceAccountForm
          tenantId={tenantId}
          onMade={(name) => {
            setMaking(false);
            announce(`${name}: made; it can do nothing before it has a key`);
          }}
        />
      </Modal>
      {ending && (
        <ConfirmDialog
          key={ending.id}
          opened
          title="End this service account?"
          action="End it"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setEnding(null)}
          onConfirm={() =>
            remove.mutate(ending.id, {
              onSuccess: () => {
                announce(`${ending.name} has ended`);
                setEnding(null);
              },
            })
          }
        >
          <p>
            <strong>{ending.name}</strong> and{' '}
            {plural(ending.keys, { one: 'its # key', other: 'its # keys' })} open nothing any more
            within seconds. Programs that use them stop.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}

interface ServiceAccountFormProps {
  tenantId: string;
  onMade: (name: string) => void;
}

function ServiceAccountForm({ tenantId, onMade }: ServiceAccountFormProps) {
  const make = useMakeServiceAccount(tenantId);
  const [name, setName] = useState('');
  const [role, setRole] = useState<ServiceAccount['role']>('member');
  const fields = make.error ? toProblem(make.error).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    make.mutate({ name: name.trim(), role }, { onSuccess: (made) => onMade(made.name) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="The program, as its operators call it."
          required
          data-autofocus
          maxLength={80}
          value={name}
          error={fields['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          description="The most that its keys can be given."
          data={ROLES}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as ServiceAccount['role'])}
        />
        {make.error && <ProblemPanel title="It was not made" error={make.error} />}
        <Button type="submit" size="md" loading={make.isPending}>
          Make it
        </Button>
      </Stack>
    </form>
  );
}
