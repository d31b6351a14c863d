import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Config } from '../config/config-schema.ts';

type Address = Pick<pg.ClientConfig, 'host' | 'port' | 'database' | 'ssl'>;

/**
 * Where the database is and how it is reached: over its socket as it is; across hosts over TLS whose
 * certificate and name are verified against the named authority, or not at all. Read at each new pool.
 */
export function databaseAddress(config: Config): Address {
  const file = config.CASEMATE_DATABASE_CA_FILE;
  return {
    host: config.CASEMATE_DATABASE_HOST,
    port: config.CASEMATE_DATABASE_PORT,
    database: config.CASEMATE_DATABASE_NAME,
    ...(file
      ? { ssl: { ca: readFileSync(file), rejectUnauthorized: true, minVersion: 'TLSv1.2' } }
      : {}),
  };
}
