import type { Response } from 'express';

/** Told the status that is about to be sent; null when the client went away before it was known. */
type Settle = (status: number | null) => Promise<void>;

const settlements = new WeakMap<Response, Settle>();

/**
 * Has something written before the answer leaves, so that whoever has the answer finds it counted.
 * Runs once, also when the client hangs up.
 */
export function beforeAnswer(response: Response, settle: Settle): void {
  let settled: Promise<void> | undefined;
  const once: Settle = (status) => (settled ??= settle(status));
  settlements.set(response, once);
  response.once('close', () => {
    once(null).catch(() => undefined);
  });
}

/** Throws when it could not be written: then the answer must be another one. */
export async function settleAnswer(response: Response, status: number): Promise<void> {
  await settlements.get(response)?.(status);
}
