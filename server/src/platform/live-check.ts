import type { RequestContext } from './context.ts';

/** What a live check found. `evidence` is one sentence with figures, never a secret or content. */
export type LiveFinding = {
  readonly status: 'pass' | 'fail' | 'not_applicable';
  readonly evidence: string;
};

/**
 * A check of one control that runs on the live system. A room exports its own as
 * `<room>Checks: readonly LiveCheck[]`; `app` hands them to room `trust`. A check that throws has
 * failed. `not_applicable` only by a fixed rule that the check's text names.
 */
export type LiveCheck = {
  /** Id of the control, as in the register: `ISO-02`. */
  readonly control: string;
  /** What is examined, in one sentence, for the trust page. */
  readonly examines: string;
  /** `ctx` is the system's own, outside any tenant. */
  readonly run: (ctx: RequestContext) => Promise<LiveFinding>;
};
