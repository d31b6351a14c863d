import { recordOnPlatform } from '../../audit/index.ts';
import { newId, systemActor, type Platform } from '../../platform/index.ts';
import {
  isAdoptionDue,
  listAccountRows,
  listMembershipRows,
  markAdopted,
  sealAccounts,
  sealMemberships,
} from './repo.ts';
import { sealOfAccount, sealOfMembership } from './row-seals.ts';

/**
 * Seals the accounts and memberships of the version before, once in the life of a database: the first
 * server of this version does it before it serves anything. Afterwards only rows that the server
 * writes have a seal.
 */
export async function adoptRows({ db, pepper, log }: Platform): Promise<void> {
  const adopted = await db.inControl(async (tx) => {
    if (!(await isAdoptionDue(tx))) return undefined;
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
    await markAdopted(tx);
    const counts = {
      accounts: accounts.length,
      administrators: accounts.filter(({ platformRole }) => platformRole !== null).length,
      memberships: memberships.length,
    };
    await recordOnPlatform(
      tx,
      { requestId: newId(), actor: systemActor, ip: null, userAgent: null },
      { action: 'rights.adopt', resourceType: 'platform', resourceId: 'rights', after: counts },
    );
    return counts;
  });
  if (adopted) log.info('the accounts of the version before were taken over', adopted);
}
