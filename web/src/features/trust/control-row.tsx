import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { formatTime } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import { kindWords, statusTones, statusWords, type Control } from './control.ts';
import classes from './control-row.module.css';

const sabotageWords = {
  noticed: 'its test noticed',
  unnoticed: 'its test did NOT notice',
  not_run: 'not tried in this run',
} as const;

/** One control: what must be true, whether it is, and on request everything that is known of it. */
export function ControlRow({ control }: { control: Control }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
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
        <span className={classes.id}>{control.id}</span>
        <span className={classes.requirement}>{control.requirement}</span>
      </UnstyledButton>
      <StateBadge tone={statusTones[control.status]}>{statusWords[control.status]}</StateBadge>
      <Collapse expanded={open} className={rows.full ?? ''} id={detail}>
        <ControlDetail control={control} />
      </Collapse>
    </li>
  );
}

function ControlDetail({ control }: { control: Control }) {
  const { kind, proof, evidence, checkedAt, lastPassedAt, examines, sabotages, sources } = control;
  return (
    <dl className={classes.detail}>
      <dt>Evidence</dt>
      <dd>{evidence}</dd>
      <dt>How it is proven</dt>
      <dd>
        {kindWords[kind]} ({proof})
      </dd>
      {examines.length > 0 && (
        <>
          <dt>Examined</dt>
          <dd>{examines.join(' ')}</dd>
        </>
      )}
      <dt>Found</dt>
      <dd>{checkedAt ? formatTime(checkedAt) : 'Not yet'}</dd>
      <dt>Last passed</dt>
      <dd>{lastPassedAt ? formatTime(lastPassedAt) : 'Never on this installation'}</dd>
      {sabotages.map(({ what, outcome }) => (
        <div key={what} className={classes.pair}>
          <dt>Broken on purpose</dt>
          <dd>
            {what}: {sabotageWords[outcome]}
          </dd>
        </div>
      ))}
      <dt>Sources</dt>
      <dd>{sources.join(', ')}</dd>
    </dl>
  );
}
