import type { TokenPepper } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';

/** All that a visit gives, to whom, why, and who said so: what its seal binds. */
export type VisitFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly reason: string;
  readonly minutes: number;
  /** Null while nobody has approved it. */
  readonly decidedBy: string | null;
  /** Milliseconds of the epoch. */
  readonly expiresAt: number | null;
};

/** As control.open_visits answers it. */
export type OpenVisit = VisitFacts & { readonly seal: string | null };

export function sealOfVisit(pepper: TokenPepper, visit: VisitFacts): Buffer {
  const { id, tenantId, accountId, reason, minutes, decidedBy, expiresAt } = visit;
  const facts = [id, tenantId, accountId, reason, minutes, decidedBy, expiresAt];
  return pepper.mac('visit', JSON.stringify(facts));
}

export function soundVisit(
  pepper: TokenPepper,
  { seal, ...visit }: VisitFacts & { seal: Buffer | null },
): boolean {
  return sameSeal(seal, sealOfVisit(pepper, visit));
}

type Rule = { readonly tenantId: string; readonly byPlatform: boolean };

export function sealOfRule(pepper: TokenPepper, { tenantId, byPlatform }: Rule): Buffer {
  return pepper.mac('visit-rule', JSON.stringify([tenantId, byPlatform]));
}
