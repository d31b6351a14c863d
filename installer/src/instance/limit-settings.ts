import { Fault } from '../fault.ts';

/** The settings of the server that `casemate install --limits` takes; the server checks their values. */
export const LIMIT_SETTINGS = [
  'CASEMATE_SIGN_IN_ATTEMPTS',
  'CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS',
  'CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT',
  'CASEMATE_SIGN_IN_LOCK_MINUTES',
  'CASEMATE_ANONYMOUS_PER_MINUTE',
  'CASEMATE_HEALTH_PER_MINUTE',
  'CASEMATE_REGISTRATION_PER_MINUTE',
  'CASEMATE_REFRESH_PER_MINUTE',
  'CASEMATE_PASSWORD_CHANGE_PER_MINUTE',
  'CASEMATE_PASSWORD_RESETS_PER_HOUR',
  'CASEMATE_SECOND_FACTOR_PER_MINUTE',
  'CASEMATE_SECOND_FACTOR_FAILURES',
  'CASEMATE_RECOVERY_FAILURES',
  'CASEMATE_SECOND_FACTOR_OF',
  'CASEMATE_STEP_UP_MINUTES',
  'CASEMATE_IDENTITY_HOSTS',
  'CASEMATE_IDENTITY_CA_FILE',
  'CASEMATE_IDENTITY_RECHECK_MINUTES',
  'CASEMATE_DNS_SERVERS',
  'CASEMATE_ACCOUNT_PER_MINUTE',
  'CASEMATE_ROUTE_PER_MINUTE',
  'CASEMATE_ROUTE_LIMITS',
  'CASEMATE_TENANT_PER_MINUTE',
  'CASEMATE_BREAKER_OPEN_SECONDS',
  'CASEMATE_REQUEST_SECONDS',
  'CASEMATE_MAX_IN_FLIGHT',
  'CASEMATE_SHED_DELAY_MS',
  'CASEMATE_SESSION_CACHE_MS',
] as const;

/**
 * Reads `NAME=VALUE; NAME=VALUE` (the prefix CASEMATE_ may be left out) into the server's environment.
 * A value may hold commas and equal signs. Throws a usage fault for a name that is none.
 */
export function parseLimits(text: string): Record<string, string> {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      const name = `CASEMATE_${entry.slice(0, Math.max(0, at)).replace(/^CASEMATE_/, '')}`;
      const value = entry.slice(at + 1).trim();
      if (!(LIMIT_SETTINGS as readonly string[]).includes(name) || value === '') {
        throw new Fault(`--limits does not know "${entry}"`, {
          next: 'Write NAME=VALUE; NAME=VALUE with the settings of docs/limits.md.',
          code: 'usage',
        });
      }
      return [name, value];
    }),
  );
}
