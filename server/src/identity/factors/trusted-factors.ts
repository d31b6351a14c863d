import type { ControlTx } from '../../platform/index.ts';
import { listFactorRows, type FactorRow } from './repo.ts';

type Fact = Pick<FactorRow, 'id' | 'kind' | 'credentialId' | 'publicKey' | 'onlyTenant'>;

/** One factor as control.factor_facts writes it. */
export function factOf({ id, kind, credentialId, publicKey, onlyTenant }: Fact): string {
  const key = `${credentialId?.toString('hex') ?? ''}:${publicKey?.toString('hex') ?? ''}`;
  return `${id}:${kind}:${key}${onlyTenant === null ? '' : `:${onlyTenant}`}`;
}

/** By the tenant in a session of whose directory each was made; null for the account's own. */
export function filterFacts(
  facts: string | null,
  counts: (tenantId: string | null) => boolean,
): string | null {
  const left = listOf(facts).filter((fact) => counts(fact.split(':')[4] ?? null));
  return left.length === 0 ? null : left.join(',');
}

/** The facts of an account after one factor more. */
export function factsWith(facts: string | null, added: Fact): string {
  return [...listOf(facts), factOf(added)].toSorted().join(',');
}

/** Without these; null when none is left. */
export function factsWithout(facts: string | null, ids: readonly string[]): string | null {
  const left = listOf(facts).filter((fact) => !ids.includes(fact.slice(0, fact.indexOf(':'))));
  return left.length === 0 ? null : left.join(',');
}

/** The factors that the seal of a trusted account names, exactly as it names them. */
export async function listTrustedFactors(
  tx: ControlTx,
  account: { id: string; factors: string | null },
): Promise<FactorRow[]> {
  const facts = new Set(listOf(account.factors));
  const rows = await listFactorRows(tx, account.id);
  return rows.filter((row) => facts.has(factOf(row)));
}

/** Whether one of them is more than a phone, whose number another card can get. */
export function hasMoreThanPhone(facts: string | null): boolean {
  return listOf(facts).some((fact) => fact.split(':')[1] !== 'phone');
}

function listOf(facts: string | null): string[] {
  return facts === null ? [] : facts.split(',');
}
