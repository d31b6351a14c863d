import type { TokenPepper } from '../../platform/index.ts';

const BYTES = 12;

/**
 * What the prompts of a tenant begin with, and of no other: the model server keeps what it computed of a
 * prompt's beginning, and would answer sooner where another tenant asked the same. Stable, so that a
 * tenant's own beginning is computed once; under a key, so that nobody makes another's, and it tells
 * nothing of whose it is.
 */
export function promptMark(pepper: TokenPepper, tenantId: string | null): string {
  return pepper
    .mac('prompt', tenantId ?? '')
    .subarray(0, BYTES)
    .toString('base64url');
}
