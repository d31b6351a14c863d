import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';

/** An installed instance with many tenants, made by its own provisioner; shared by the benches of a run. */
export type Fleet = {
  readonly appliance: BenchAppliance;
  readonly tenantIds: readonly string[];
  /** Makes more until there are so many; gives how many seconds each of them took. */
  growTo(count: number): Promise<{ made: number; seconds: number }>;
  /** The superuser's connection. */
  readonly database: pg.Client;
};

type Created = { items: { id: string; state: string }[]; seconds: number };

let shared: Fleet | undefined;

export async function openFleet(report: (text: string) => void): Promise<Fleet> {
  if (shared) return shared;
  const appliance = await installAppliance(report);
  const database = await appliance.superuser();
  const tenantIds: string[] = [];
  shared = {
    appliance,
    database,
    tenantIds,
    growTo: (count) => {
      const missing = count - tenantIds.length;
      if (missing <= 0) return Promise.resolve({ made: 0, seconds: 0 });
      report(`making ${missing} tenants`);
      const file = join(appliance.dir, 'names.txt');
      const names = Array.from({ length: missing }, (_, n) => `Bench ${tenantIds.length + n}`);
      writeFileSync(file, `${names.join('\n')}\n`);
      const answer = appliance.casemate('tenants', 'create', '--from', file, '--json');
      const { items, seconds } = JSON.parse(answer) as Created;
      const failed = items.filter(({ state }) => state !== 'active');
      if (failed.length > 0) throw new Error(`${failed.length} tenants were not built`);
      tenantIds.push(...items.map(({ id }) => id));
      return Promise.resolve({ made: items.length, seconds });
    },
  };
  return shared;
}

/** At the end of a run. */
export async function removeFleet(): Promise<void> {
  if (!shared) return;
  const { appliance, database } = shared;
  shared = undefined;
  await database.end();
  appliance.remove();
}

/**
 * Gives tenants proofs that the bench knows, for connections of its own beside the server; the real
 * ones can't be had outside the key service. The server can't open these tenants until `restore`.
 */
export async function lendProofs(
  { database }: Fleet,
  tenantIds: readonly string[],
): Promise<{ proofOf: (id: string) => string; restore: () => Promise<void> }> {
  const proofOf = (id: string): string => createHmac('sha256', 'bench').update(id).digest('hex');
  const { rows } = await database.query<{ id: string; hash: Buffer }>(
    'select id, proof_hash as hash from control.tenants where id = any($1::uuid[])',
    [tenantIds],
  );
  const set = (hashes: readonly Buffer[], ids: readonly string[]): Promise<unknown> =>
    database.query(
      `update control.tenants tenant set proof_hash = lent.hash
       from unnest($1::uuid[], $2::bytea[]) as lent (id, hash) where lent.id = tenant.id`,
      [ids, hashes],
    );
  const ids = rows.map(({ id }) => id);
  await set(
    ids.map((id) => createHash('sha256').update(proofOf(id)).digest()),
    ids,
  );
  return {
    proofOf,
    restore: async () => {
      await set(
        rows.map(({ hash }) => hash),
        ids,
      );
    },
  };
}
