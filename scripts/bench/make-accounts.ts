import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { BenchAppliance } from './bench-appliance.ts';

const PASSWORD = 'Bench-mark-2026';

/** Members of the bench's tenant, each with some conversations, signed in over the real API. */
export async function makeAccounts(
  appliance: BenchAppliance,
  count: number,
  conversations: number,
): Promise<string[]> {
  const client = await appliance.superuser();
  const hash = await bcrypt.hash(PASSWORD, 12);
  const emails = Array.from({ length: count }, (_none, index) => `bench${index}@example.invalid`);
  for (const email of emails) {
    const id = randomUUID();
    await client.query(
      `insert into control.accounts (id, audit_id, email, name, password_hash)
       values ($1, gen_random_uuid(), $2, 'Bench', $3)`,
      [id, email, hash],
    );
    await client.query(
      `insert into control.memberships (account_id, tenant_id, role) values ($1, $2, 'member')`,
      [id, appliance.tenantId],
    );
  }
  await client.end();
  // They count from here on: the server did not write them.
  appliance.casemate('rights', 'accept', '--all');
  const tokens: string[] = [];
  for (const email of emails) {
    const { accessToken } = await appliance.api<{ accessToken: string }>('POST', '/api/session', {
      json: { email, password: PASSWORD },
    });
    tokens.push(accessToken);
    for (let made = 0; made < conversations; made += 1)
      await appliance.api('POST', conversationsPath(appliance), { token: accessToken, json: {} });
  }
  return tokens;
}

export function conversationsPath({ tenantId }: BenchAppliance): string {
  return `/api/tenants/${tenantId}/conversations`;
}
