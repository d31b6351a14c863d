/** The closed set of error codes and the HTTP status each one means. */
export const ERROR_STATUS = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  suspended: 403,
  /** Nothing else goes before this session has shown a second factor, or its person has made one. */
  second_factor_required: 403,
  /** This one thing needs a factor that was shown a short while ago. */
  step_up_required: 403,
  not_found: 404,
  not_allowed_now: 409,
  already_exists: 409,
  unreadable: 409,
  gone: 410,
  changed_meanwhile: 412,
  too_large: 413,
  unsupported_type: 415,
  unusable_document: 422,
  sealed: 423,
  rate_limited: 429,
  internal: 500,
  model_failed: 502,
  unavailable: 503,
  search_rebuilding: 503,
  quota_exceeded: 507,
  storage_full: 507,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

export type FieldError = { path: string; message: string };

type ErrorDetails = {
  cause?: unknown;
  fields?: readonly FieldError[];
  retryAfterSeconds?: number;
  /** How the protocol of the route calls it, where that has words of its own. */
  word?: string;
};

/**
 * The only error that reaches a client. `message` is safe to show and says what to do; whatever
 * must stay inside goes in `cause`, which is logged and never sent.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | null;
  readonly word: string | null;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.word = details.word ?? null;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}
