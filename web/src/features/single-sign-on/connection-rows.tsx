import { ActionIcon, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import type { Connection } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import { CertificateNote } from './certificate-note.tsx';
import { DryRunDialog } from './dry-run-dialog.tsx';
import { ExamineDialog } from './examine-dialog.tsx';
import type { Owner } from './sso-api.ts';
import { removeConnection, switchConnection, testConnection } from './sso-api.ts';
import { useSsoChange } from './use-sso.ts';

interface ConnectionRowsProps {
  owner: Owner;
  connections: Connection[];
  onEdit: (connection: Connection) => void;
}

const STATES = {
  draft: { tone: 'busy', label: 'Draft' },
  active: { tone: 'good', label: 'Active' },
  off: { tone: 'warn', label: 'Off' },
} as const;

/** The connections, and what one does with each. */
export function ConnectionRows({ owner, connections, onEdit }: ConnectionRowsProps) {
  const change = useSsoChange(owner, switchConnection);
  const remove = useSsoChange(owner, removeConnection);
  const test = useSsoChange(owner, testConnection);
  const [removing, setRemoving] = useState<Connection | null>(null);
  const [trying, setTrying] = useState<Connection | null>(null);
  const [examining, setExamining] = useState<Connection | null>(null);
  const begin = (id: string): void =>
    test.mutate(id, { onSuccess: ({ url }) => window.location.assign(url) });
  return (
    <>
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      {test.error && <ProblemPanel title="The test did not begin" error={test.error} />}
      <ul className={rows.rows} aria-label="Directories">
        {connections.map((one) => (
          <li key={one.id} className={rows.row}>
            <span className={rows.title}>{one.name}</span>
            <Group gap="xs" wrap="nowrap">
              <StateBadge tone={one.sound ? STATES[one.state].tone : 'bad'}>
                {one.sound ? STATES[one.state].label : 'Changed in the database'}
              </StateBadge>
              <Menu position="bottom-end" shadow="md">
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${one.name}`}>
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {one.kind === 'ldap' ? (
                    <Menu.Item onClick={() => setExamining(one)}>Test step by step</Menu.Item>
                  ) : (
                    <Menu.Item onClick={() => begin(one.id)}>Test by signing in yourself</Menu.Item>
                  )}
                  <Menu.Item onClick={() => setTrying(one)}>What would somebody get?</Menu.Item>
                  <Menu.Item onClick={() => onEdit(one)}>Change</Menu.Item>
                  <Menu.Divider />
                  {one.state === 'active' ? (
                    <Menu.Item onClick={() => change.mutate({ id: one.id, state: 'off' })}>
                      Switch off
                    </Menu.Item>
                  ) : (
                    <Menu.Item
                      onClick={() =>
                        change.mutate(
                          { id: one.id, state: 'active' },
                          { onSuccess: () => announce(`${one.name} is active`) },
                        )
                      }
                    >
                      Make active
                    </Menu.Item>
                  )}
                  <Menu.Item onClick={() => setRemoving(one)}>Remove</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Group>
            <span className={`${rows.note} ${rows.full}`}>
              {one.domains.length === 0 ? 'No e-mail domain yet' : one.domains.join(', ')}
              {one.justInTime ? ' · makes accounts by itself' : ' · for people who are here'}
              {one.mappings.length > 0 && ` · groups that give a role: ${one.mappings.length}`}
            </span>
            <CertificateNote connection={one} />
            {one.unlisted.length > 0 && (
              <span className={`${rows.note} ${rows.full}`}>
                Whoever runs the appliance has not listed {one.unlisted.join(', ')} yet: no
                connection may speak to it.
              </span>
            )}
          </li>
        ))}
      </ul>
      {trying && <DryRunDialog owner={owner} connection={trying} onClose={() => setTrying(null)} />}
      {examining && (
        <ExamineDialog owner={owner} connection={examining} onClose={() => setExamining(null)} />
      )}
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove ${removing?.name ?? ''}?`}
        action="Remove"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => setRemoving(null)}
        onConfirm={() =>
          removing && remove.mutate(removing.id, { onSuccess: () => setRemoving(null) })
        }
      >
        <p>
          Nobody comes in by it any more, and whom it let in is signed out. Accounts stay, but those
          without a password have no way in until another directory knows them.
        </p>
      </ConfirmDialog>
    </>
  );
}
