import type { Sample } from './evaluate-alerts.ts';

/** One minute of this process. Times in milliseconds. */
export type Minute = {
  readonly at: string;
  readonly requests: number;
  readonly errors: number;
  readonly signInFailures: number;
  readonly meanMs: number;
};

type Totals = { requests: number; errors: number; signInFailures: number; seconds: number };

const KEPT = 60;
const METRIC = 'casemate_http_request_seconds';

/** The last hour of requests, minute by minute, from what the process counts anyway. */
export function createRecentMinutes(): {
  note(samples: readonly Sample[], now: Date): void;
  list(): readonly Minute[];
} {
  let minutes: Minute[] = [];
  let last: { at: number; totals: Totals } | undefined;
  return {
    list: () => minutes,
    note: (samples, now) => {
      const at = now.getTime();
      if (last && at - last.at < 60_000) return;
      const totals = totalsOf(samples);
      if (last) minutes = [...minutes, difference(totals, last.totals, now)].slice(-KEPT);
      last = { at, totals };
    },
  };
}

function totalsOf(samples: readonly Sample[]): Totals {
  const sum = (metric: string, fits: (labels: Sample['labels']) => boolean): number =>
    samples
      .filter((sample) => sample.metric === metric && fits(sample.labels))
      .reduce((total, { value }) => total + value, 0);
  return {
    requests: sum(`${METRIC}_count`, () => true),
    errors: sum(`${METRIC}_count`, ({ status = '' }) => status.startsWith('5')),
    signInFailures: sum(
      `${METRIC}_count`,
      ({ route, method, status = '' }) =>
        route === '/api/session' && method === 'post' && ['401', '429'].includes(status),
    ),
    seconds: sum(`${METRIC}_sum`, () => true),
  };
}

function difference(now: Totals, before: Totals, at: Date): Minute {
  const requests = now.requests - before.requests;
  const seconds = now.seconds - before.seconds;
  return {
    at: at.toISOString(),
    requests,
    errors: now.errors - before.errors,
    signInFailures: now.signInFailures - before.signInFailures,
    meanMs: requests > 0 ? Math.round((seconds / requests) * 1000) : 0,
  };
}
