import type { ExitName } from './exit-codes.ts';

export type FaultDetail = { why?: string; next?: string; code?: ExitName; cause?: unknown };

/** An error for the person at the terminal: what happened, why, and the next step. No secrets. */
export class Fault extends Error {
  readonly why: string | undefined;
  readonly next: string | undefined;
  readonly code: ExitName;

  constructor(what: string, detail: FaultDetail = {}) {
    super(what, { cause: detail.cause });
    this.name = 'Fault';
    this.why = detail.why;
    this.next = detail.next;
    this.code = detail.code ?? 'failed';
  }
}
