import { AppError } from '../../platform/index.ts';

/** The refusal of a budget that is spent. */
export function tooMany(seconds: number): AppError {
  return new AppError('rate_limited', `Too many requests; try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
  });
}

/** The refusal of a sign-in; `locked` when wrong passwords are the reason. */
export function tooManyTries(seconds: number, locked: boolean): AppError {
  const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
  const why = locked ? 'Too many wrong passwords' : 'Too many sign-ins at the same time';
  return new AppError('rate_limited', `${why}; try again in ${wait}`, {
    retryAfterSeconds: seconds,
  });
}
