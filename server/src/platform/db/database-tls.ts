import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../config/config-schema.ts';

/**
 * How the database is reached: over its socket as it is; across hosts over TLS whose certificate and
 * name are verified against the named authority, or not at all. Read at each new pool.
 */
export function databaseTls(config: Config): Pick<pg.ClientConfig, 'ssl'> {
  const file = config.CASEMATE_DATABASE_CA_FILE;
  if (!file) return {};
  return { ssl: { ca: readFileSync(file), rejectUnauthorized: true, minVersion: 'TLSv1.2' } };
}
