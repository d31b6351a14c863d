import { randomBytes } from 'node:crypto';
import type { TokenPepper } from '../../platform/index.ts';

/** Crockford's digits: none looks like another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 6;
const GROUP = 4;

export const RECOVERY_CODES = 10;

/** 120 random bits, in six groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const digits = [...randomBytes(GROUPS * GROUP)].map((byte) => DIGITS[byte % 32] ?? '');
    return Array.from({ length: GROUPS }, (_none, at) =>
      digits.slice(at * GROUP, (at + 1) * GROUP).join(''),
    ).join('-');
  });
}

type Of = { accountId: string; onlyTenant: string | null };

/**
 * As the database keeps it: of another account, or made in a session of another's directory, the same code
 * would be another.
 */
export function hashOfCode(
  pepper: TokenPepper,
  { accountId, onlyTenant }: Of,
  code: string,
): Buffer {
  const made = onlyTenant === null ? '' : `|${onlyTenant}`;
  return pepper.mac('recovery-code', `${accountId}|${normal(code)}${made}`);
}

/** People type capitals, spaces, and letters that the digits leave out. */
function normal(code: string): string {
  return code
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
}
