import type { LiveCheck } from '../../platform/index.ts';
import { disclosureCheck } from './check-disclosure.ts';
import { headersCheck } from './check-headers.ts';
import { registerCheck, signatureCheck } from './check-register.ts';

/** Checks of the running server from outside, and of this room itself. */
export const trustChecks: readonly LiveCheck[] = [
  headersCheck,
  disclosureCheck,
  signatureCheck,
  registerCheck,
];
