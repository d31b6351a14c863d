import { Button } from '@mantine/core';
import type { ApiKey } from '../../lib/api/types.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './api-keys.module.css';
import { datesOf, scopeWords, stateOf } from './key-words.ts';

interface KeyRowsProps {
  keys: ApiKey[];
  /** Whose each is, where one sees those of others. */
  owners: boolean;
  /** When they were read, in milliseconds. */
  now: number;
  onRevoke: (key: ApiKey) => void;
}

/** Keys as their owner knows them again: by name and last characters. */
export function KeyRows({ keys, owners, now, onRevoke }: KeyRowsProps) {
  return (
    <ul className={rows.rows}>
      {keys.map((key) => {
        const { tone, words } = stateOf(key, now);
        return (
          <li key={key.id} className={rows.row}>
            <span className={rows.title}>
              {key.name} <span className={classes.hint}>…{key.hint}</span>
            </span>
            <span className={classes.actions}>
              <StateBadge tone={tone}>{words}</StateBadge>
              {key.state === 'active' && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Revoke: ${key.name}`}
                  onClick={() => onRevoke(key)}
                >
                  Revoke
                </Button>
              )}
            </span>
            {owners && (
              <span className={`${rows.note} ${rows.full}`}>
                Of {key.owner.name}
                {key.owner.kind === 'service' && ', a service account'}
              </span>
            )}
            <span className={`${rows.note} ${rows.full}`}>
              {key.scopes.map(scopeWords).join(' · ')}
            </span>
            {key.addresses.length > 0 && (
              <span className={`${rows.note} ${rows.full}`}>From {key.addresses.join(', ')}</span>
            )}
            <span className={`${rows.note} ${rows.full}`}>{datesOf(key)}</span>
          </li>
        );
      })}
    </ul>
  );
}
