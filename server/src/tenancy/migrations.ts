import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Migration = { number: number; name: string; sql: string; checksum: string };

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Reads `NNNN-name.sql` files in order. Throws when a name is odd or a number repeats or is missing. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(FILE_NAME.exec(name)?.[1]);
      if (number !== index + 1)
        throw new Error(`${directory}/${name}: migrations are numbered 0001, 0002, … without gaps`);
      const sql = await readFile(join(directory, name), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { number, name, sql, checksum };
    }),
  );
}
