import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Migration = { number: number; name: string; sql: string; checksum: string };

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Reads `NNNN-name.sql` files in order. Throws when a name is odd or a number repeats. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const numbers = names.map((name) => Number(FILE_NAME.exec(name)?.[1]));
  return Promise.all(
    names.map(async (name, index) => {
      const number = numbers[index] ?? NaN;
      if (!(number > (numbers[index - 1] ?? 0)))
        throw new Error(
          `${directory}/${name}: migrations are named 0001-word.sql, each number once`,
        );
      const sql = await readFile(join(directory, name), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { number, name, sql, checksum };
    }),
  );
}

/** The version of a schema that ran all of them. */
export function latestOf(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0;
}
