import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** Second factors; see docs/second-factors.md. */
export const factorSettings = {
  /** Who must have one: whoever decides for others, or everyone. */
  CASEMATE_SECOND_FACTOR_OF: z.enum(['roles', 'everyone']).default('roles'),
  /** For so long a factor that was shown is fresh enough for what needs one again. */
  CASEMATE_STEP_UP_MINUTES: wholeNumber(1, 60).default(10),
  /** Wrong codes of an account, and wrong recovery codes, in the lock time of sign-ins. */
  CASEMATE_SECOND_FACTOR_FAILURES: wholeNumber(3, 1_000).default(6),
  CASEMATE_RECOVERY_FAILURES: wholeNumber(1, 1_000).default(3),
} as const;
