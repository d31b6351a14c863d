import { wholeNumber } from './whole-number.ts';

/** How the server behaves when a part it stands on is slow or gone; see docs/limits.md. */
export const resilienceSettings = {
  /** How long a breaker that opened answers 503 before it lets one call try. */
  CASEMATE_BREAKER_OPEN_SECONDS: wholeNumber(1, 3_600).default(30),
  /** In which an ordinary request is answered, or ended with 503. */
  CASEMATE_REQUEST_SECONDS: wholeNumber(1, 600).default(30),
  /** Requests that may be answered at the same time; streams and uploads are not counted. */
  CASEMATE_MAX_IN_FLIGHT: wholeNumber(1, 100_000).default(1_000),
  /** Requests are shed while the process answers its own events so late. */
  CASEMATE_SHED_DELAY_MS: wholeNumber(10, 60_000).default(500),
  /** How long what is known of a session or an API key is believed; no setting makes it longer than two seconds. */
  CASEMATE_SESSION_CACHE_MS: wholeNumber(50, 2_000).default(2_000),
} as const;
