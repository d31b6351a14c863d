import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import type { Fleet } from './fleet.ts';

const PASSWORD = 'Bench-mark-2026';

/** People who are members of every tenant, signed in over the API. */
export async function makeMembers(
  { appliance, database }: Fleet,
  count: number,
): Promise<string[]> {
  const hash = await bcrypt.hash(PASSWORD, 12);
  const emails: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const id = randomUUID();
    const email = `${id}@example.invalid`;
    await database.query(
      `insert into control.accounts (id, audit_id, email, name, password_hash)
       values ($1, gen_random_uuid(), $2, 'Bench', $3)`,
      [id, email, hash],
    );
    await database.query(
      `insert into control.memberships (account_id, tenant_id, role)
       select $1, tenant.id, 'member' from control.tenants tenant where tenant.state = 'active'`,
      [id],
    );
    emails.push(email);
  }
  // They count from here on: the server did not write them.
  appliance.casemate('rights', 'accept', '--all');
  const tokens: string[] = [];
  for (const email of emails) {
    const json = { email, password: PASSWORD };
    const { accessToken } = await appliance.api<{ accessToken: string }>('POST', '/api/session', {
      json,
    });
    tokens.push(accessToken);
  }
  return tokens;
}

export type Traffic = {
  stop(): Promise<{ requests: number; failures: number; seconds: number; slowest: number }>;
};

/** Each person goes from tenant to tenant, reading two things and writing one. */
export function startTraffic({ appliance, tenantIds }: Fleet, tokens: readonly string[]): Traffic {
  const started = performance.now();
  let stopped = false;
  let requests = 0;
  let failures = 0;
  let slowest = 0;
  let next = 0;
  const once = async (token: string): Promise<void> => {
    const tenant = `/api/tenants/${String(tenantIds[next++ % tenantIds.length])}`;
    for (const [method, path, json] of [
      ['GET', `${tenant}/conversations`, undefined],
      ['GET', `${tenant}/documents`, undefined],
      ['POST', `${tenant}/conversations`, {}],
    ] as const) {
      const sent = performance.now();
      requests += 1;
      const options = json === undefined ? { token } : { token, json };
      await appliance.api(method, path, options).catch(() => (failures += 1));
      slowest = Math.max(slowest, performance.now() - sent);
    }
  };
  const loops = tokens.map(async (token) => {
    while (!stopped) await once(token);
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      return { requests, failures, seconds: (performance.now() - started) / 1000, slowest };
    },
  };
}
