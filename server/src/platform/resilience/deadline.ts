/** Until when an answer is of use; it travels with the request to each part that is asked. */
export type Deadline = {
  /** Never negative; Infinity where nobody waits. */
  remainingMs(): number;
};

export const noDeadline: Deadline = { remainingMs: () => Infinity };

/** A deadline from now on, by the monotonic clock: a request's own headers can't move it. */
export function createDeadline(ms: number, now = (): number => performance.now()): Deadline {
  const at = now() + ms;
  return { remainingMs: () => Math.max(0, at - now()) };
}
