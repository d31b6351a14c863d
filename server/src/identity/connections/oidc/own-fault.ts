import { AppError } from '../../../platform/index.ts';

/** The fault of ours inside what a library threw around it: it says what to do. */
export function ownFault(error: unknown): AppError | undefined {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 5; depth += 1) {
    if (each instanceof AppError) return each;
    each = each.cause;
  }
  return undefined;
}
