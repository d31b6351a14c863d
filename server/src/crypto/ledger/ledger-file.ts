import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A tenant whose key was destroyed. `hash` is SHA-256 over the hash before it and the entry. */
export type Deletion = { seq: number; tenantId: string; deletedAt: string; hash: string };

/** What comes before the first entry. */
export const NOTHING = '0'.repeat(64);

/** The entry that follows `last`. */
export function nextDeletion(
  last: Deletion | undefined,
  entry: Pick<Deletion, 'tenantId' | 'deletedAt'>,
): Deletion {
  const seq = (last?.seq ?? 0) + 1;
  const { tenantId, deletedAt } = entry;
  return {
    seq,
    tenantId,
    deletedAt,
    hash: hashOf(last?.hash ?? NOTHING, { seq, tenantId, deletedAt }),
  };
}

function hashOf(before: string, { seq, tenantId, deletedAt }: Omit<Deletion, 'hash'>): string {
  const text = [before, seq, tenantId, deletedAt].join('|');
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The entries of the file, none when it isn't there. A last line without its end is the trace of an
 * interrupted write and not counted. Throws when a line was changed, moved or taken out.
 */
export async function readLedgerFile(file: string): Promise<Deletion[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const entries: Deletion[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const entry = JSON.parse(line) as Deletion;
    const expected = nextDeletion(entries.at(-1), entry);
    if (entry.seq !== expected.seq || entry.hash !== expected.hash)
      throw new Error(`the ledger of deletions was changed: line ${entries.length + 1} of ${file}`);
    entries.push(entry);
  }
  return entries;
}

/** Appends entries and waits until the disk has them; what follows may then destroy a key. */
export async function appendToLedgerFile(
  file: string,
  entries: readonly Deletion[],
): Promise<void> {
  const handle = await open(file, 'a+', 0o640);
  try {
    const text = await handle.readFile('utf8');
    const whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length) await handle.truncate(Buffer.byteLength(text.slice(0, whole)));
    // Whatever the umask: the server reads it, and waits until it is satisfied.
    await handle.chmod(0o640);
    await handle.appendFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}
