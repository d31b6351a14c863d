import { ActionIcon, Group, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { Person } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import type { AccountVerb } from './use-change-people.ts';

const STATES = {
  invited: { tone: 'busy', words: 'Invited' },
  active: { tone: 'good', words: 'Active' },
  deactivated: { tone: 'warn', words: 'Deactivated' },
  erased: { tone: 'warn', words: 'Erased' },
} as const;
const WAYS: Readonly<Record<string, string>> = {
  mail: 'address verified by mail',
  handed_over: 'verified by a link that was handed over',
  host: 'set up on the host',
};
const VERBS: Readonly<Partial<Record<Person['state'], readonly [AccountVerb, string][]>>> = {
  active: [
    ['reset', 'Start a new password'],
    ['factors', 'Link for lost factors'],
    ['email', 'Confirm a new address'],
    ['sign-out', 'Sign out everywhere'],
    ['deactivate', 'Deactivate'],
  ],
  deactivated: [
    ['reactivate', 'Reactivate'],
    ['erase', 'Erase for good'],
  ],
};

interface PersonRowsProps {
  people: Person[];
  onChoose: (person: Person, verb: AccountVerb) => void;
}

/** Accounts, one a row, with what can be done to each. */
export function PersonRows({ people, onChoose }: PersonRowsProps) {
  const { account } = useSession();
  return (
    <ul className={rows.rows} aria-label="Accounts">
      {people.map((person) => {
        const state = STATES[person.state];
        const verbs = person.id === account.id ? [] : (VERBS[person.state] ?? []);
        return (
          <li key={person.id} className={rows.row}>
            <span className={rows.title}>
              {person.state === 'invited' ? person.email : person.name}
            </span>
            <Group gap="xs" wrap="nowrap">
              <StateBadge tone={person.trusted ? state.tone : 'bad'}>
                {person.trusted ? state.words : 'Not written by the server'}
              </StateBadge>
              {verbs.length > 0 && (
                <Menu position="bottom-end" shadow="md">
                  <Menu.Target>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={`Actions for ${person.email}`}
                    >
                      <IconDots size={16} />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {verbs.map(([verb, words]) => (
                      <Menu.Item key={verb} onClick={() => onChoose(person, verb)}>
                        {words}
                      </Menu.Item>
                    ))}
                  </Menu.Dropdown>
                </Menu>
              )}
            </Group>
            <span className={`${rows.note} ${rows.full}`}>
              {[
                person.state !== 'invited' && person.email,
                person.platformRole && 'runs the platform',
                `${person.tenants} ${person.tenants === 1 ? 'tenant' : 'tenants'}`,
                WAYS[person.verifiedBy ?? ''],
                `made ${formatTime(person.createdAt)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
