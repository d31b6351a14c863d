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

/** What an error of any kind says; with its reason if it is a fault. */
export function messageOf(error: unknown): string {
  if (error instanceof Fault && error.why) return `${error.message} (${error.why})`;
  return error instanceof Error ? error.message : String(error);
}
