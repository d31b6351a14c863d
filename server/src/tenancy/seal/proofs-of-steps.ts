import { AppError, type VaultClient } from '../../platform/index.ts';
import type { Step } from '../migrate/find-pending.ts';
import { makeProof, makeProofs } from '../proof-of-tenant.ts';
import { inNamespace } from './key-paths.ts';

/**
 * Proofs for a migration, in the order of the tenants. A sealed tenant has none: its tables are
 * changed all the same, and a migration that changes rows brings a job for when it is open.
 */
export async function proofsOfSteps(vault: VaultClient, steps: readonly Step[]): Promise<string[]> {
  const standard = steps.filter(({ tier }) => tier === 'standard');
  const proofs = standard.length === 0 ? [] : await makeProofs(vault, standard);
  const byId = new Map(standard.map(({ id }, at) => [id, proofs[at] ?? '']));
  for (const step of steps)
    if (step.tier === 'sealed') byId.set(step.id, step.sealed ? '' : await prove(vault, step));
  return steps.map(({ id }) => byId.get(id) ?? '');
}

async function prove(vault: VaultClient, step: Step): Promise<string> {
  try {
    return await makeProof(inNamespace(vault, step), step);
  } catch (error) {
    if (error instanceof AppError && error.code === 'sealed') return '';
    throw error;
  }
}
