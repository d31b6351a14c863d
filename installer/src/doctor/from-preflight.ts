import type { CheckResult } from '../preflight/check-result.ts';
import type { DoctorCheck } from './doctor-check.ts';

/** A check of the host as one of the instance. */
export function fromPreflight({ id, status, found, mend }: CheckResult): DoctorCheck {
  return { id, status, found, mend };
}
