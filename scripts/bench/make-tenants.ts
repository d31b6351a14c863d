import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { BenchAppliance } from './bench-appliance.ts';

export const PASSWORD = 'Bench-mark-2026';

export type Worker = {
  readonly tenantId: string;
  readonly email: string;
  token: string;
  /** In seconds, as it was issued. */
  readonly tokenLife: number;
  readonly cookies: Map<string, string>;
};

/** Tenants with some people each, signed in over the real API. */
export async function makeTenantsWithPeople(
  appliance: BenchAppliance,
  tenants: number,
  people: number,
): Promise<Worker[]> {
  const hash = await bcrypt.hash(PASSWORD, 12);
  const client = await appliance.superuser();
  const made: { tenantId: string; email: string }[] = [];
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const tenantId = await makeTenant(appliance, `Bench ${tenant}`);
    for (let person = 0; person < people; person += 1) {
      const email = `bench${tenant}-${person}@example.invalid`;
      const id = randomUUID();
      await client.query(
        `insert into control.accounts (id, audit_id, email, name, password_hash)
         values ($1, gen_random_uuid(), $2, 'Bench', $3)`,
        [id, email, hash],
      );
      await client.query(
        `insert into control.memberships (account_id, tenant_id, role) values ($1, $2, 'member')`,
        [id, tenantId],
      );
      made.push({ tenantId, email });
    }
  }
  await client.end();
  // They count from here on: the server did not write them.
  appliance.casemate('rights', 'accept', '--all');
  const workers: Worker[] = [];
  for (const { tenantId, email } of made) workers.push(await signIn(appliance, tenantId, email));
  return workers;
}

async function makeTenant({ api, adminToken }: BenchAppliance, name: string): Promise<string> {
  const { id } = await api<{ id: string }>('POST', '/api/tenants', {
    token: adminToken,
    json: { name, language: 'en' },
  });
  for (let tries = 0; tries < 300; tries += 1) {
    const { state } = await api<{ state: string }>('GET', `/api/tenants/${id}`, {
      token: adminToken,
    });
    if (state === 'active') return id;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the tenant was not provisioned');
}

async function signIn({ api }: BenchAppliance, tenantId: string, email: string): Promise<Worker> {
  const cookies = new Map<string, string>();
  const { accessToken: token, expiresAt } = await api<{ accessToken: string; expiresAt: string }>(
    'POST',
    '/api/session',
    { json: { email, password: PASSWORD }, cookies },
  );
  // Renewed before it runs out, as the dashboard does.
  const tokenLife = (new Date(expiresAt).getTime() - Date.now()) / 1000 - 90;
  return { tenantId, email, token, tokenLife, cookies };
}
