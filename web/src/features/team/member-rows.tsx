import { ActionIcon, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { TeamMember } from '../../lib/api/types.ts';
import { formatTime, plural } from '../../lib/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import { ROLES, roleLabel } from './roles.ts';
import type { Role } from './use-change-team.ts';

export type MemberVerb = { verb: 'role'; role: Role } | { verb: 'access' } | { verb: 'remove' };

interface MemberRowsProps {
  members: TeamMember[];
  onChoose: (member: TeamMember, verb: MemberVerb) => void;
}

/** The people of the tenant with their roles. */
export function MemberRows({ members, onChoose }: MemberRowsProps) {
  return (
    <ul className={rows.rows} aria-label="Members">
      {members.map((member) => (
        <li key={member.accountId} className={rows.row}>
          <span className={rows.title}>
            {member.name}
            {member.you && ' (you)'}
          </span>
          <Group gap="xs" wrap="nowrap">
            <StateBadge tone={member.state === 'active' ? 'good' : 'warn'}>
              {member.state === 'active' ? roleLabel(member.role) : 'Deactivated'}
            </StateBadge>
            <Menu position="bottom-end" shadow="md">
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${member.name}`}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {ROLES.filter(({ value }) => value !== member.role).map(({ value, label }) => (
                  <Menu.Item
                    key={value}
                    onClick={() => onChoose(member, { verb: 'role', role: value })}
                  >
                    Make {label.toLowerCase()}
                  </Menu.Item>
                ))}
                <Menu.Item onClick={() => onChoose(member, { verb: 'access' })}>
                  Level and custom roles
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item onClick={() => onChoose(member, { verb: 'remove' })}>
                  Take out of the tenant
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
          <span className={`${rows.note} ${rows.full}`}>
            {member.email} · access level {member.level}
            {member.customRoles.length > 0 &&
              ` · ${plural(member.customRoles.length, { one: 'one custom role', other: '# custom roles' })}`}{' '}
            · here since {formatTime(member.since)}
          </span>
          {member.state === 'active' && member.secondFactor !== 'enough' && (
            <span className={rows.full}>
              <StateBadge tone="warn">
                {member.secondFactor === 'none' ? 'No second factor' : 'A phone alone'}
              </StateBadge>
            </span>
          )}
          {member.groups.length > 0 && (
            <span className={`${rows.note} ${rows.full}`}>
              In{' '}
              {member.groups
                .map(({ name, role }) => (role ? `${name} (${roleLabel(role)})` : name))
                .join(', ')}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
