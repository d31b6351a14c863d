import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const count = wholeNumber(1, 1_000_000_000);

/** `POST /api/x/:id=30`: a route as in the route table, and its budget per minute. */
const routeBudget = /^((?:GET|POST|PATCH|PUT|DELETE) \/[\w/:.-]{0,200})=([1-9]\d{0,8})$/;

/** How much anyone may ask; see docs/limits.md. Numbers are per minute where nothing else is said. */
export const limitSettings = {
  /** Failures in the lock time: of an address for one account, of an address, of an account. */
  CASEMATE_SIGN_IN_ATTEMPTS: count.default(5),
  CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS: count.default(30),
  CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT: count.default(20),
  /** Failures are counted over this time, and lock for it. */
  CASEMATE_SIGN_IN_LOCK_MINUTES: wholeNumber(1, 1_440).default(15),
  CASEMATE_ANONYMOUS_PER_MINUTE: count.default(60),
  CASEMATE_HEALTH_PER_MINUTE: count.default(600),
  CASEMATE_REGISTRATION_PER_MINUTE: count.default(3),
  CASEMATE_REFRESH_PER_MINUTE: count.default(30),
  CASEMATE_PASSWORD_CHANGE_PER_MINUTE: count.default(3),
  /** For a link to set a new password, of an e-mail address whoever asks. */
  CASEMATE_PASSWORD_RESETS_PER_HOUR: count.default(3),
  CASEMATE_SECOND_FACTOR_PER_MINUTE: count.default(120),
  CASEMATE_ACCOUNT_PER_MINUTE: count.default(6_000),
  /** Of one account on one route, unless CASEMATE_ROUTE_LIMITS names the route. */
  CASEMATE_ROUTE_PER_MINUTE: count.default(3_000),
  /** `POST /api/…=30, GET /api/…=600`. */
  CASEMATE_ROUTE_LIMITS: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.string().regex(routeBudget, 'must be METHOD /path=number, …')))
    .transform((entries): ReadonlyMap<string, number> => new Map(entries.map(parseBudget)))
    .default(new Map()),
  /** Of all people of one tenant together. */
  CASEMATE_TENANT_PER_MINUTE: count.default(120_000),
} as const;

function parseBudget(entry: string): [string, number] {
  const [, route = '', budget] = routeBudget.exec(entry) ?? [];
  return [route, Number(budget)];
}
