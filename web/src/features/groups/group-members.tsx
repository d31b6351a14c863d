import { Button, Select, Title } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import rows from '../../ui/rows.module.css';
import classes from './groups.module.css';
import { peopleQuery } from './groups-query.ts';

interface GroupMembersProps {
  tenantId: string;
  people: GroupDetail['people'];
  /** A directory says who is in it. */
  readOnly: boolean;
  busy: boolean;
  onChange: (verb: 'add' | 'leave', accountId: string, words: string) => void;
}

/** Who is in the group, and whom one can put into it. */
export function GroupMembers({ tenantId, people, readOnly, busy, onChange }: GroupMembersProps) {
  const team = useQuery({ ...peopleQuery(tenantId), enabled: !readOnly });
  const [chosen, setChosen] = useState<string | null>(null);
  const inside = new Set(people.map(({ accountId }) => accountId));
  const outside = (team.data?.members ?? []).filter(({ accountId }) => !inside.has(accountId));
  const add = (): void => {
    const person = outside.find(({ accountId }) => accountId === chosen);
    if (!person) return;
    onChange('add', person.accountId, `${person.name} is in the group`);
    setChosen(null);
  };
  return (
    <section aria-label="Members">
      <Title order={2} size="h3" className={classes.heading ?? ''}>
        Members
      </Title>
      {!readOnly && (
        <div className={classes.add}>
          <Select
            className={classes.who ?? ''}
            aria-label="Who comes into the group"
            placeholder={outside.length === 0 ? 'Everybody is in it' : 'Choose somebody'}
            searchable
            nothingFoundMessage="Nobody of the tenant is called that"
            data={outside.map(({ accountId, name, email }) => ({
              value: accountId,
              label: `${name} · ${email}`,
            }))}
            value={chosen}
            onChange={setChosen}
          />
          <Button disabled={chosen === null} loading={busy} onClick={add}>
            Add
          </Button>
        </div>
      )}
      {people.length === 0 && (
        <EmptyState
          icon={<IconUsersGroup size={26} />}
          title="Nobody is in this group"
          text={
            readOnly
              ? 'Your directory has not named anybody yet.'
              : 'Put people of the tenant into it.'
          }
        />
      )}
      {people.length > 0 && (
        <ul className={rows.rows} aria-label="People in the group">
          {people.map(({ accountId, name, email, since }) => (
            <li key={accountId} className={rows.row}>
              <span className={rows.title}>{name}</span>
              {!readOnly && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Take out: ${name}`}
                  disabled={busy}
                  onClick={() => onChange('leave', accountId, `${name} is out of the group`)}
                >
                  Take out
                </Button>
              )}
              <span className={`${rows.note} ${rows.full}`}>
                {email} · in it since {formatTime(since)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
