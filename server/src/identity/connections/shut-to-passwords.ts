import type { Rights } from '../rights/rights.ts';
import type { RulesRow } from './rules-repo.ts';

/**
 * Whether a tenant opens to a password or a passkey of this account. Rules that the server did not write let
 * nobody in by one: they may have said that single sign-on alone opens it.
 */
export function isShutToPasswords(
  rights: Pick<Rights, 'trustsSignInRules'>,
  rules: RulesRow | null | undefined,
  accountId: string,
): boolean {
  if (!rules) return false;
  if (!rights.trustsSignInRules(rules)) return true;
  return rules.ssoOnly && rules.breakGlass !== accountId;
}
