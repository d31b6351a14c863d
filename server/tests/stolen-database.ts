import pg from 'pg';
import { partsInfo } from './parts-info.ts';
import type { TestAppliance } from './test-appliance.ts';

/** What somebody can do who holds the server's password of the database, and nothing else. */
export async function stealDatabase({ config, parts }: TestAppliance): Promise<pg.Client> {
  const { socketDir: host, port } = partsInfo();
  const path = 'casemate-database/static-creds/casemate_server';
  const { password } = await parts.platform.vault.read(path);
  const login = { host, port, database: config.CASEMATE_DATABASE_NAME, user: 'casemate_server' };
  const thief = new pg.Client({ ...login, password: String(password) });
  await thief.connect();
  return thief;
}
