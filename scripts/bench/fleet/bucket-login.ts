import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { tenantName } from '../../../server/src/platform/index.ts';
import type { Fleet } from './fleet.ts';

/** As many as a full bucket has. */
const MEMBERSHIPS = 1_000;

export type BucketLogin = {
  connect(): Promise<pg.Client>;
  remove(): Promise<void>;
};

/**
 * A login role like the server's own of a bucket, a member of the same tenant roles, whose password
 * the bench knows: the server's are drawn by the key service and nobody else has them.
 */
export async function makeBucketLogin({
  appliance,
  database,
  tenantIds,
}: Fleet): Promise<BucketLogin> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  await database.query(
    `create role ${name} login noinherit nosuperuser password '${password}';
     alter role ${name} set track_activities = off; alter role ${name} set jit = off;
     grant connect on database casemate to ${name}`,
  );
  const roles = tenantIds.slice(0, MEMBERSHIPS).map((id) => `"${tenantName(id)}"`);
  await database.query(`grant ${roles.join(', ')} to ${name} with inherit false, set true`);
  return {
    connect: async () => {
      const client = new pg.Client({
        host: join(appliance.dir, 'run/postgresql'),
        database: 'casemate',
        user: name,
        password,
        pipeline: true,
      });
      await client.connect();
      return client;
    },
    remove: async () => {
      await database.query(`drop owned by ${name}; drop role ${name}`);
    },
  };
}
