import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { PasswordRule } from '../lib/password-rules.ts';
import classes from './password-checklist.module.css';

/** The rules, ticked off as one types. */
export function PasswordChecklist({ id, rules }: { id: string; rules: PasswordRule[] }) {
  return (
    <ul id={id} className={classes.list}>
      {rules.map(({ words, met }) => (
        <li key={words} className={met ? classes.met : undefined}>
          {met ? (
            <IconCircleCheck size={16} aria-hidden="true" />
          ) : (
            <IconCircle size={16} aria-hidden="true" />
          )}
          <span>
            {words}
            <span className="for-screen-readers">{met ? ': met' : ': not met yet'}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
