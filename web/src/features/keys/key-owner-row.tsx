import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { KeyOwner } from '../../lib/api/types.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import { KeyOwnerDetail } from './key-owner-detail.tsx';
import classes from './key-owner-row.module.css';
import { isUnderWay, rotationWords } from './rotation-words.ts';

/** One owner of keys; on request its versions, its rows under each, and the buttons to rotate. */
export function KeyOwnerRow({ owner }: { owner: KeyOwner }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const current = owner.keys?.find(({ state }) => state === 'current');
  const rotation = owner.latestRotation;
  return (
    <li className={rows.row}>
      <UnstyledButton
        className={classes.button}
        aria-expanded={open}
        aria-controls={detail}
        onClick={() => setOpen(!open)}
      >
        <IconChevronDown
          size={16}
          className={`${classes.chevron} ${open ? classes.turned : ''}`}
          aria-hidden="true"
        />
        <span className={rows.title}>{owner.name}</span>
        <span className={`${rows.note} ${classes.versions}`}>
          {owner.keys
            ? `Wrapping key version ${owner.wrappingVersion ?? '?'}, data key version ${current?.version ?? '?'}`
            : 'Its keys show when it is open'}
        </span>
      </UnstyledButton>
      <KeyOwnerBadge owner={owner} />
      {rotation && isUnderWay(rotation) && (
        <span className={`${rows.note} ${rows.full} ${classes.progress}`}>
          {rotationWords(rotation)}
        </span>
      )}
      <Collapse expanded={open} className={rows.full ?? ''} id={detail}>
        {open && <KeyOwnerDetail owner={owner.owner} />}
      </Collapse>
    </li>
  );
}

const CLOSED: Readonly<Record<string, string>> = {
  // It was closed after the list of owners was read.
  active: 'Sealed',
  sealed: 'Sealed',
  suspended: 'Suspended',
  provisioning: 'Being built',
  failed: 'Not built',
};

function KeyOwnerBadge({ owner }: { owner: KeyOwner }) {
  if (!owner.keys) {
    const words = CLOSED[owner.state] ?? 'Not open';
    return <StateBadge tone={owner.state === 'failed' ? 'bad' : 'warn'}>{words}</StateBadge>;
  }
  if (owner.latestRotation?.state === 'failed')
    return <StateBadge tone="bad">Rotation failed</StateBadge>;
  if (isUnderWay(owner.latestRotation)) return <StateBadge tone="busy">Rotating</StateBadge>;
  return <StateBadge tone="good">In order</StateBadge>;
}
