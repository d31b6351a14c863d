import { recordOnPlatform } from '../../audit/index.ts';
import { newId, systemActor, type ControlTx, type Platform } from '../../platform/index.ts';
import {
  findUnsealed,
  listAccountRows,
  listMembershipRows,
  lockAdoption,
  markAdopted,
  sealAccounts,
  sealMemberships,
} from './repo.ts';
import { sealOfAccount, sealOfMembership } from './row-seals.ts';

type Counts = { accounts: number; administrators: number; memberships: number };
type Adopter = Pick<Platform, 'config' | 'db' | 'log' | 'pepper'>;

/**
 * Seals the accounts and memberships of the version before, once in the life of a database: the first
 * server of this version does it before it serves anything. Where programs of before run on beside it
 * (a rolling upgrade), what they write is taken too, for the time that the setting gives.
 */
export async function adoptRows({ db, pepper, log, config }: Adopter): Promise<void> {
  const adopted = await db.inControl(async (tx) => {
    const adoption = await lockAdoption(tx);
    if (adoption === 'over') return undefined;
    const counts = await sealRows(tx, pepper);
    // A database that is new had no programs before this one.
    const minutes = counts.accounts === 0 ? 0 : config.CASEMATE_ADOPTION_MINUTES;
    if (adoption === 'due') await markAdopted(tx, minutes);
    else if (counts.accounts + counts.memberships === 0) return undefined;
    await recordOnPlatform(
      tx,
      { requestId: newId(), actor: systemActor, ip: null, userAgent: null },
      { action: 'rights.adopt', resourceType: 'platform', resourceId: 'rights', after: counts },
    );
    return counts;
  });
  if (adopted) log.info('the accounts of the version before were taken over', adopted);
}

/** Until that time is over; then never again. */
export function startAdopting(platform: Adopter, everyMs = 2_000): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const round = async (): Promise<void> => {
    const { adoption, rows } = await platform.db.readControl(findUnsealed);
    if (adoption === 'over') clearInterval(timer);
    else if (rows) await adoptRows(platform);
  };
  const timer = setInterval(() => {
    running ??= round()
      .catch((error: unknown) => platform.log.warn('rows of before are not taken over', { error }))
      .finally(() => (running = undefined));
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function sealRows(tx: ControlTx, pepper: Platform['pepper']): Promise<Counts> {
  const accounts = (await listAccountRows(tx)).filter(({ seal }) => seal === null);
  const memberships = (await listMembershipRows(tx)).filter(({ seal }) => seal === null);
  await sealAccounts(
    tx,
    accounts.map((account) => ({ id: account.id, seal: sealOfAccount(pepper, account) })),
  );
  await sealMemberships(
    tx,
    memberships.map((one) => ({ ...one, seal: sealOfMembership(pepper, one) })),
  );
  return {
    accounts: accounts.length,
    administrators: accounts.filter(({ platformRole }) => platformRole !== null).length,
    memberships: memberships.length,
  };
}
