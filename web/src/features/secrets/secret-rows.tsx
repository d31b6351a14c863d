import { Button } from '@mantine/core';
import type { Secret } from '../../lib/api/types.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './secret-rows.module.css';
import { datesOf, isRotating, lastOf, stateOf } from './secret-words.ts';

interface SecretRowsProps {
  secrets: Secret[];
  onRotate: (secret: Secret) => void;
}

/** Every secret: how old it is, when it is renewed, and by whom. */
export function SecretRows({ secrets, onRotate }: SecretRowsProps) {
  return (
    <ul className={rows.rows}>
      {secrets.map((secret) => {
        const { tone, words } = stateOf(secret);
        const last = lastOf(secret);
        return (
          <li key={secret.name} className={rows.row}>
            <span className={rows.title}>{secret.title}</span>
            <span className={classes.actions}>
              <StateBadge tone={tone}>{words}</StateBadge>
              {secret.rotatable && (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={isRotating(secret)}
                  aria-label={`Rotate: ${secret.title}`}
                  onClick={() => onRotate(secret)}
                >
                  Rotate
                </Button>
              )}
            </span>
            <span className={`${rows.note} ${rows.full}`}>{datesOf(secret)}</span>
            {secret.note && <span className={`${rows.note} ${rows.full}`}>{secret.note}</span>}
            {last && <span className={`${rows.note} ${rows.full}`}>{last}</span>}
            {!secret.rotatable && (
              <span className={`${rows.note} ${rows.full}`}>
                On the host: <span className={classes.command}>{secret.command}</span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
