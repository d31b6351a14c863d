import type { Database, TenantScope } from '../platform/index.ts';
import type { LogTx } from './repo.ts';

/** Which log is meant: that of a tenant, or the platform's own. */
export type LogPlace = TenantScope | 'platform';

/** Transactions on one log, as the role that alone may read and sequence it. */
export function openLog(db: Database, place: LogPlace) {
  return <T>(work: (tx: LogTx) => Promise<T>): Promise<T> =>
    place === 'platform' ? db.inPlatformAuditor(work) : db.inAuditor(place, work);
}
