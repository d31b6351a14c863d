import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TeamMember } from '../../lib/api/types.ts';
import { MemberRows, type MemberVerb } from './member-rows.tsx';
import classes from './team-page.module.css';

/** From here on somebody is looked for rather than seen. */
const MANY = 12;

interface MemberListProps {
  members: TeamMember[];
  onChoose: (member: TeamMember, verb: MemberVerb) => void;
}

/** The people of the tenant; where they are many, with a search. */
export function MemberList({ members, onChoose }: MemberListProps) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = members.filter(({ name, email }) =>
    `${name} ${email}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      {members.length > MANY && (
        <TextInput
          className={classes.search ?? ''}
          label="Search"
          placeholder="Name or address"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {found.length > 0 && <MemberRows members={found} onChoose={onChoose} />}
      {members.length > 0 && found.length === 0 && <p role="status">Nobody matches.</p>}
    </>
  );
}
