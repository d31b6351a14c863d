import { AppError, type Database, type Log } from '../platform/index.ts';
import { listChangesSince, listStates, type TenantChange } from './repo/changes.ts';

export type TenantChanges = {
  /**
   * Calls `changed` for each tenant whose state, epoch or name changed, in this process or another:
   * within a second of its commit, and once more when a notification may have been missed.
   */
  onTenantChange(changed: (change: TenantChange) => void): void;
  /** Aborts when the tenant is no longer active; for what outlives one transaction. */
  closing(tenantId: string): AbortSignal;
  /** Begins to listen; resolves with the function that ends it. */
  start(): Promise<() => Promise<void>>;
};

/** Notifications of one moment are read together. */
const GATHER_MS = 10;
/** What a lost connection did not hear is found by this poll. */
const POLL_MS = 1_000;

/** Hears of tenants that are suspended, resumed, renamed or removed; one per process. */
export function createTenantChanges(db: Database, log: Log): TenantChanges {
  const listeners: ((change: TenantChange) => void)[] = [];
  const signals = new Map<string, AbortController>();
  const told = new Map<string, string>();

  const tell = (change: TenantChange): void => {
    const version = `${change.state} ${change.epoch} ${change.changedAt.getTime()}`;
    if (told.get(change.tenantId) === version) return;
    told.set(change.tenantId, version);
    if (change.state !== 'active') {
      signals.get(change.tenantId)?.abort(closedError(change.state));
      signals.delete(change.tenantId);
    }
    for (const listener of listeners) listener(change);
  };
  return {
    onTenantChange: (changed) => void listeners.push(changed),
    closing: (tenantId) => {
      const known = signals.get(tenantId) ?? new AbortController();
      signals.set(tenantId, known);
      return known.signal;
    },
    start: () => follow({ db, log, tell, forget: (ids) => prune(told, ids) }),
  };
}

/** The one answer for a tenant that is not open, wherever it is met. */
export function closedError(state: string): AppError {
  if (state === 'suspended')
    return new AppError(
      'suspended',
      'This tenant is suspended; ask the administrator of the platform',
    );
  if (state === 'sealed')
    return new AppError('sealed', 'This tenant is sealed until a holder of its key opens it');
  if (state === 'provisioning' || state === 'failed')
    return new AppError('not_allowed_now', 'The tenant is not ready yet');
  return new AppError('not_found', 'No such tenant');
}

type Following = {
  db: Database;
  log: Log;
  tell: (change: TenantChange) => void;
  /** Keeps what was told only of these. */
  forget: (except: ReadonlySet<string>) => void;
};

async function follow({ db, log, tell, forget }: Following): Promise<() => Promise<void>> {
  const heard = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let since = new Date(0);
  const warn = (error: unknown): void =>
    log.warn('changes of tenants could not be read; trying again', { error });

  const readHeard = async (): Promise<void> => {
    gathering = undefined;
    const ids = [...heard];
    heard.clear();
    for (const change of await db.readControl((tx) => listStates(tx, ids))) tell(change);
  };
  const poll = async (): Promise<void> => {
    const { changes, now } = await db.readControl((tx) => listChangesSince(tx, since));
    if (since.getTime() > 0) for (const change of changes) tell(change);
    forget(new Set(changes.map(({ tenantId }) => tenantId)));
    since = now;
  };
  await poll();
  const unlisten = await db.listen('casemate_tenants', (tenantId) => {
    heard.add(tenantId);
    gathering ??= setTimeout(() => void readHeard().catch(warn), GATHER_MS);
  });
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void (running = running.then(poll).catch(warn)), POLL_MS);
  return async () => {
    clearInterval(timer);
    clearTimeout(gathering);
    await unlisten();
    await running;
  };
}

function prune(told: Map<string, string>, keep: ReadonlySet<string>): void {
  for (const id of told.keys()) if (!keep.has(id)) told.delete(id);
}
