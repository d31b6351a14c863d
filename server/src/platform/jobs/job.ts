/** What a job carries: ids, never content. */
export type Job = {
  readonly id: string;
  readonly queue: 'work' | 'provision';
  readonly kind: string;
  readonly tenantId: string | null;
  readonly subjectId: string | null;
  readonly accountId: string | null;
  /** Grows at every claim, so that a worker that lost its lease can't settle another's run. */
  readonly claim: number;
  readonly attempt: number;
  readonly maxAttempts: number;
};

/** The work may not be done for whoever asked for it: it fails at once, for good. */
export class JobRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'JobRefused';
  }
}

/** A handler throws RetryLater to be run again at a time of its own, without spending an attempt. */
export class RetryLater extends Error {
  readonly seconds: number;
  constructor(seconds: number, reason: string) {
    super(reason);
    this.name = 'RetryLater';
    this.seconds = seconds;
  }
}
