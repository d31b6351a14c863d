import { AppError } from '../app-error.ts';

/**
 * What a call says of the part that was called: it failed; it answered, if only to refuse; or
 * nothing, because the caller went away or never reached it.
 */
export type Verdict = 'failure' | 'answer' | 'nothing';

export type BreakerState = 'closed' | 'open' | 'half_open';

export type BreakerView = {
  readonly state: BreakerState;
  /** In a row, up to now. */
  readonly failures: number;
  /** Until a call may try again; null while calls pass. */
  readonly retryAfterSeconds: number | null;
  /** Since the first of the openings that no answer has ended; null while calls pass. */
  readonly openForSeconds: number | null;
};

/** One call that was let through. Only the first verdict counts. */
export type Attempt = { settle(verdict: Verdict): void };

export type Breaker = {
  /** Throws BreakerOpen at once while calls are not let through. */
  begin(): Attempt;
  /** Counts what came of a call that had already answered, such as a stream that broke off. */
  report(verdict: Verdict): void;
  view(): BreakerView;
};

/** The refusal of a breaker: it ends retries, and says when to come back. */
export class BreakerOpen extends AppError {
  constructor(message: string, retryAfterSeconds: number) {
    super('unavailable', message, { retryAfterSeconds });
    this.name = 'BreakerOpen';
  }
}

type Options = {
  /** Safe to show, and says which part is away. */
  message: string;
  openMs: number;
  failuresToOpen?: number;
  /** Monotonic milliseconds. */
  now?: () => number;
  changed?: (state: BreakerState) => void;
};

/**
 * Five failures in a row open it. It then refuses for `openMs`, lets exactly one call probe, and
 * closes on its answer or opens again on its failure; a probe that says nothing leaves its place to
 * the next. What comes back late from before a change of state is not counted.
 */
export function createBreaker(options: Options): Breaker {
  const { openMs, failuresToOpen = 5, now = () => performance.now(), changed } = options;
  let failures = 0;
  let openUntil: number | undefined;
  let openedAt: number | undefined;
  let probing = false;
  let era = 0;

  const change = (state: BreakerState): void => {
    era += 1;
    openUntil = state === 'open' ? now() + openMs : undefined;
    openedAt = state === 'open' ? (openedAt ?? now()) : undefined;
    probing = false;
    if (state === 'closed') failures = 0;
    changed?.(state);
  };
  const secondsLeft = (): number =>
    openUntil === undefined ? 0 : Math.max(1, Math.ceil((openUntil - now()) / 1_000));
  const settleProbe = (verdict: Verdict): void => {
    if (verdict === 'answer') change('closed');
    else if (verdict === 'failure') change('open');
    else probing = false;
  };
  const settleCall = (verdict: Verdict): void => {
    if (verdict === 'answer') failures = 0;
    if (verdict !== 'failure') return;
    failures += 1;
    if (failures >= failuresToOpen) change('open');
  };
  return {
    begin: () => {
      const probe = openUntil !== undefined;
      if (openUntil !== undefined) {
        if (probing || now() < openUntil) throw new BreakerOpen(options.message, secondsLeft());
        probing = true;
        changed?.('half_open');
      }
      const begunIn = era;
      let settled = false;
      return {
        settle: (verdict) => {
          if (settled || begunIn !== era) return;
          settled = true;
          if (probe) settleProbe(verdict);
          else settleCall(verdict);
        },
      };
    },
    report: (verdict) => {
      if (openUntil === undefined) settleCall(verdict);
    },
    view: () => ({
      state: openUntil === undefined ? 'closed' : now() < openUntil ? 'open' : 'half_open',
      failures,
      retryAfterSeconds: openUntil === undefined ? null : secondsLeft(),
      openForSeconds: openedAt === undefined ? null : (now() - openedAt) / 1_000,
    }),
  };
}

/** Runs a call behind a breaker; `judge` says what its error means. */
export async function callBehind<T>(
  breaker: Breaker,
  judge: (error: unknown) => Verdict,
  call: () => Promise<T>,
): Promise<T> {
  const attempt = breaker.begin();
  try {
    const value = await call();
    attempt.settle('answer');
    return value;
  } catch (error) {
    attempt.settle(judge(error));
    throw error;
  }
}
