import { ActionIcon, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { formatTime } from '../lib/format.ts';
import type { OpenInvitation } from '../lib/api/types.ts';
import { StateBadge } from './state-badge.tsx';
import rows from './rows.module.css';

const MAILS = {
  none: { tone: 'busy', words: 'Link handed over' },
  waiting: { tone: 'busy', words: 'Mail waits' },
  sent: { tone: 'good', words: 'Mail sent' },
  failed: { tone: 'bad', words: 'Mail refused' },
} as const;
const EXPIRED = { tone: 'warn', words: 'Expired' } as const;

interface InvitationRowsProps {
  invitations: OpenInvitation[];
  /** What an invitation is for, in words. */
  nameOf: (invitation: OpenInvitation) => string;
  onChoose: (invitation: OpenInvitation, verb: 'resend' | 'withdraw') => void;
}

/** Invitations that nobody has accepted yet. */
export function InvitationRows({ invitations, nameOf, onChoose }: InvitationRowsProps) {
  return (
    <ul className={rows.rows} aria-label="Open invitations">
      {invitations.map((invitation) => {
        const expired = new Date(invitation.expiresAt) < new Date();
        const { tone, words } = expired ? EXPIRED : MAILS[invitation.mail];
        return (
          <li key={invitation.id} className={rows.row}>
            <span className={rows.title}>{invitation.email}</span>
            <Group gap="xs" wrap="nowrap">
              <StateBadge tone={tone}>{words}</StateBadge>
              <Menu position="bottom-end" shadow="md">
                <Menu.Target>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Actions for the invitation of ${invitation.email}`}
                  >
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => onChoose(invitation, 'resend')}>
                    Send once more
                  </Menu.Item>
                  <Menu.Item onClick={() => onChoose(invitation, 'withdraw')}>Withdraw</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Group>
            <span className={`${rows.note} ${rows.full}`}>
              {nameOf(invitation)} · until {formatTime(invitation.expiresAt)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
