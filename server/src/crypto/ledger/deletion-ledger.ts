import { AppError, VaultError, type Platform } from '../../platform/index.ts';
import { findLastDeletion, insertDeletion, listDeletions } from '../repo/deletions.ts';
import {
  appendToLedgerFile,
  nextDeletion,
  NOTHING,
  readLedgerFile,
  type Deletion,
} from './ledger-file.ts';

/*
 * The ledger of destroyed keys lies in three places: a file of its own, the database, and as a mark
 * (its last hash) in the key service. A backup of the database or of the key service that is
 * restored is behind the file, and so known for what it is.
 */

type Stores = Pick<Platform, 'config' | 'db' | 'vault'>;

function markOf({ config }: Stores): string {
  return `kv/data/ledger/${config.CASEMATE_DATABASE_NAME}`;
}

/** Where the file lies. Throws in production when no setting names it. */
function fileOf({ config }: Stores): string | undefined {
  const file = config.CASEMATE_DELETION_LEDGER;
  if (!file && config.CASEMATE_MODE === 'production')
    throw new AppError('internal', 'CASEMATE_DELETION_LEDGER names no file for the ledger');
  return file;
}

/**
 * Brings file and database to the same entries, and returns them: all that must be destroyed, now
 * perhaps once more. Throws when they contradict each other.
 */
export async function reconcileLedger(stores: Stores): Promise<Deletion[]> {
  const file = fileOf(stores);
  const inDatabase = await stores.db.inControl(listDeletions);
  const inFile = file ? await readLedgerFile(file) : inDatabase;
  const common = Math.min(inFile.length, inDatabase.length);
  for (let at = 0; at < common; at += 1)
    if (inFile[at]?.hash !== inDatabase[at]?.hash)
      throw new Error(`the ledger of deletions differs from the database at entry ${at + 1}`);
  if (file && inFile.length < inDatabase.length)
    await appendToLedgerFile(file, inDatabase.slice(common));
  for (const entry of inFile.slice(common))
    await stores.db.inControl((tx) => insertDeletion(tx, entry));
  return inFile.length > inDatabase.length ? inFile : inDatabase;
}

let writing: Promise<unknown> = Promise.resolve();

/**
 * Writes a tenant down before its key is destroyed: first on disk, then in the database. A tenant
 * that is there already is left as it is.
 */
export function recordDeletion(stores: Stores, tenantId: string, now: Date): Promise<void> {
  const work = async (): Promise<void> => {
    const entries = await reconcileLedger(stores);
    if (entries.some((entry) => entry.tenantId === tenantId)) return;
    const entry = nextDeletion(entries.at(-1), { tenantId, deletedAt: now.toISOString() });
    const file = fileOf(stores);
    if (file) await appendToLedgerFile(file, [entry]);
    await stores.db.inControl((tx) => insertDeletion(tx, entry));
  };
  // One after another: each entry carries the hash of the one before it.
  const done = writing.then(work);
  writing = done.catch(() => undefined);
  return done;
}

/**
 * Notes in the key service how far it has come: everything before was destroyed there. The mark never
 * moves back.
 *
 * @throws when the key service has gone further than the ledger
 */
export async function markKeyService(stores: Stores): Promise<void> {
  const mark = await requireKnownMark(stores);
  const last = await stores.db.inControl(findLastDeletion);
  if (last === undefined || last === mark) return;
  await stores.vault.write(markOf(stores), { data: { head: last } });
}

/**
 * Throws when the ledger does not hold what the key service has destroyed: an older database was
 * restored without the file, and nobody knows any longer which tenants it brings back.
 */
export async function requireKnownMark(stores: Stores): Promise<string> {
  const mark = await readMark(stores);
  const entries = await stores.db.inControl(listDeletions);
  if (mark !== NOTHING && !entries.some(({ hash }) => hash === mark))
    throw new Error(
      'the key service has destroyed tenants that the ledger of deletions does not name: put the newest ledger.jsonl back, or a database that is not older, and start again',
    );
  return mark;
}

async function readMark(stores: Stores): Promise<string> {
  try {
    const { data } = (await stores.vault.read(markOf(stores))) as { data?: { head?: string } };
    return data?.head ?? NOTHING;
  } catch (error) {
    if (error instanceof VaultError && error.statusCode === 404) return NOTHING;
    throw error;
  }
}

/**
 * What stands in the way of serving: a database or key service that is behind the ledger holds what
 * was destroyed. Null when all three agree.
 */
export async function findLedgerFault(stores: Stores): Promise<string | null> {
  const file = fileOf(stores);
  const inDatabase = (await stores.db.inControl(findLastDeletion)) ?? NOTHING;
  const inFile = file ? ((await readLedgerFile(file)).at(-1)?.hash ?? NOTHING) : inDatabase;
  if (inFile !== inDatabase) return 'the database is not at the end of the ledger of deletions';
  if ((await readMark(stores)) !== inFile)
    return 'the key service is not at the end of the ledger of deletions';
  return null;
}
