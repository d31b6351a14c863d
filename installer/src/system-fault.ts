import { Fault } from './fault.ts';

const full = {
  what: 'There is no room left on the disk',
  next: 'Make room (`df -h` shows where it is gone), then run the command again.',
};

/** What the system refused, by errno(3), and what to do about it. */
const known: Readonly<Record<string, { what: string; next: string }>> = {
  ENOSPC: full,
  EDQUOT: { ...full, what: 'The quota of this account is used up' },
  EROFS: {
    what: 'The file system is mounted read only',
    next: 'See `dmesg` for a disk error, mount it writable, then run the command again.',
  },
  EACCES: {
    what: 'This account may not do that',
    next: 'Run the command as root, or as the account that owns the files it names.',
  },
};

/** An error of the system as one for the person at the terminal; nothing for any other error. */
export function systemFault(error: unknown): Fault | undefined {
  const { code = '', message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const found = Object.hasOwn(known, code) ? known[code] : undefined;
  if (!found) return undefined;
  const permission = code === 'EACCES' ? ({ code: 'permission' } as const) : {};
  return new Fault(found.what, {
    why: message,
    next: found.next,
    cause: error,
    ...permission,
  });
}
