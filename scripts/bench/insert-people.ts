import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { BenchAppliance } from './bench-appliance.ts';

export const BENCH_PASSWORD = 'Bench-mark-2026';

type People = {
  /** Of their addresses: `kind`, a number. */
  kind: string;
  count: number;
  state?: 'active' | 'deactivated' | 'invited';
  /** As an account that signs in with something else alone. */
  withoutPassword?: boolean;
  /** Of the bench's tenant. */
  members?: boolean;
};

/** Accounts made in the database, of which the server is told that they count. */
export async function insertPeople(appliance: BenchAppliance, groups: People[]): Promise<void> {
  const hash = await bcrypt.hash(BENCH_PASSWORD, 12);
  const client = await appliance.superuser();
  for (const { kind, count, withoutPassword = false, members = false } of groups)
    for (let number = 0; number < count; number += 1) {
      const id = randomUUID();
      await client.query(
        `insert into control.accounts (id, audit_id, email, name, password_hash)
         values ($1, gen_random_uuid(), $2, 'Bench', $3)`,
        [id, emailOf(kind, number), withoutPassword ? `!${randomUUID()}` : hash],
      );
      if (members)
        await client.query(
          `insert into control.memberships (account_id, tenant_id, role) values ($1, $2, 'member')`,
          [id, appliance.tenantId],
        );
    }
  appliance.casemate('rights', 'accept', '--all');
  for (const { kind, state = 'active' } of groups)
    await client.query(`update control.accounts set state = $2 where email like $1`, [
      `${kind}-%@example.invalid`,
      state,
    ]);
  await client.end();
}

export function emailOf(kind: string, number: number): string {
  return `${kind}-${number}@example.invalid`;
}
