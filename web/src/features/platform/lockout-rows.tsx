import type { PlatformLimits } from '../../lib/api/types.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';

type Lockout = PlatformLimits['lockouts'][number];

const kinds: Record<Lockout['of'], string> = {
  pair: 'One e-mail from one address',
  account: 'One e-mail, from every address',
  address: 'One address, for every e-mail',
};

function who({ of, address, email }: Lockout): string {
  if (of === 'address') return address ?? 'unknown address';
  const account = email ?? 'no account of this installation';
  return of === 'pair' ? `${account}, ${address ?? 'unknown address'}` : account;
}

/** Who can't sign in at present because of wrong passwords, and until when. */
export function LockoutRows({ lockouts }: { lockouts: Lockout[] }) {
  return (
    <ul className={rows.rows}>
      {lockouts.map((lockout) => (
        <li key={lockout.id} className={rows.row}>
          <span className={rows.title}>{who(lockout)}</span>
          <StateBadge tone="warn">
            Until{' '}
            {new Date(lockout.lockedUntil).toLocaleTimeString(undefined, { timeStyle: 'short' })}
          </StateBadge>
          <span className={`${rows.note} ${rows.full}`}>
            {kinds[lockout.of]}, {lockout.failures} wrong passwords. To end it now:{' '}
            <code>casemate limits unlock {lockout.id}</code>
          </span>
        </li>
      ))}
    </ul>
  );
}
