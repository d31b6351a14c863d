import { randomInt } from 'node:crypto';
import { AppError, type LiveFinding, type RequestContext } from '../../platform/index.ts';
import { listOwners, type OwnerRow } from '../repo/owners.ts';

/** More than so many owners are sampled, every n-th of them from a random one on. */
const MOST = 200;
const PAGE = 500;

export type Examined = { owners: number; all: number; closed: number; faults: string[] };

/**
 * Examines the platform and every open tenant, or a sample that is said to be one. A tenant that is
 * closed or sealed by itself is counted apart: nobody can look into it.
 */
export async function examineOwners(
  ctx: RequestContext,
  examine: (owner: OwnerRow) => Promise<readonly string[]>,
): Promise<Examined> {
  const all = await everyOwner(ctx);
  const step = Math.max(1, Math.ceil(all.length / MOST));
  const first = randomInt(step);
  const chosen = all.filter((_owner, at) => at % step === first);
  const examined: Examined = { owners: 0, all: all.length, closed: 0, faults: [] };
  for (const owner of chosen) {
    if (owner.state !== 'active') {
      examined.closed += 1;
      continue;
    }
    try {
      const faults = await examine(owner);
      examined.owners += 1;
      examined.faults.push(...faults.map((fault) => `${nameOf(owner)}: ${fault}`));
    } catch (error) {
      if (!(error instanceof AppError) || !CLOSED.has(error.code)) throw error;
      examined.closed += 1;
    }
  }
  return examined;
}

const CLOSED: ReadonlySet<string> = new Set([
  'not_found',
  'suspended',
  'not_allowed_now',
  'sealed',
]);

async function everyOwner(ctx: RequestContext): Promise<OwnerRow[]> {
  const owners: OwnerRow[] = [];
  for (let after: string | null = null; ; after = owners.at(-1)?.tenantId ?? null) {
    const from = after;
    const page = await ctx.inControl((tx) =>
      listOwners(tx, { search: '', after: from, limit: PAGE }),
    );
    owners.push(...page);
    if (page.length < PAGE) return owners;
  }
}

/** Pass or fail with the number examined; at most three faults are spelled out. */
export function findingOf({ owners, all, closed, faults }: Examined, found: string): LiveFinding {
  const sample = owners + closed < all ? ` (a sample of ${all})` : '';
  const shut = closed > 0 ? `; ${closed} closed or sealed and not looked into` : '';
  const whose = `${owners} owner(s) of keys${sample}${shut}`;
  if (faults.length === 0) return { status: 'pass', evidence: `${found} in ${whose}.` };
  const named = faults.slice(0, 3).join('; ');
  const more = faults.length > 3 ? ` and ${faults.length - 3} more` : '';
  return { status: 'fail', evidence: `${named}${more}; examined ${whose}.` };
}

function nameOf({ tenantId }: OwnerRow): string {
  return tenantId === null ? 'platform' : `tenant ${tenantId.slice(0, 8)}`;
}
