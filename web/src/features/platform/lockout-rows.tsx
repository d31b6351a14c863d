import { Button } from '@mantine/core';
import { useState } from 'react';
import type { PlatformLimits } from '../../lib/api/types.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import { EndLockoutDialog } from './end-lockout-dialog.tsx';

type Lockout = PlatformLimits['lockouts'][number];

const kinds: Record<Lockout['of'], string> = {
  pair: 'One e-mail from one address',
  account: 'One e-mail, from every address',
  address: 'One address, for every e-mail',
  factor: 'Codes of a second factor',
  recovery: 'Recovery codes',
};

function whoOf({ of, address, email }: Lockout): string {
  if (of === 'address') return address ?? 'unknown address';
  const account = email ?? 'no account of this installation';
  return of === 'pair' ? `${account}, ${address ?? 'unknown address'}` : account;
}

function isOfCodes({ of }: Lockout): boolean {
  return of === 'factor' || of === 'recovery';
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short' });
}

/** Who can't sign in at present because of wrong passwords, until when, and the way to end it. */
export function LockoutRows({ lockouts }: { lockouts: Lockout[] }) {
  const [ending, setEnding] = useState<{ id: string; who: string } | null>(null);
  return (
    <>
      <ul className={rows.rows}>
        {lockouts.map((lockout) => {
          const who = whoOf(lockout);
          return (
            <li key={lockout.id} className={rows.row}>
              <span className={rows.title}>{who}</span>
              <StateBadge tone="warn">Until {timeOf(lockout.lockedUntil)}</StateBadge>
              <span className={rows.note}>
                {kinds[lockout.of]}, {lockout.failures} wrong{' '}
                {isOfCodes(lockout) ? 'codes' : 'passwords'}, since {timeOf(lockout.lockedAt)}
              </span>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`End the lockout of ${who}`}
                onClick={() => setEnding({ id: lockout.id, who })}
              >
                End now
              </Button>
            </li>
          );
        })}
      </ul>
      {ending && <EndLockoutDialog lockout={ending} onClose={() => setEnding(null)} />}
    </>
  );
}
