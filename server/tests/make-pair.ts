import { randomBytes } from 'node:crypto';
import type { Person, TestAppliance } from './test-appliance.ts';
import {
  newId,
  tenantName,
  type RequestContext,
  type TenantName,
  type TenantScope,
  type TenantTx,
} from '../src/platform/index.ts';

/** One of two tenants, with a document that holds a secret and a message that holds it encrypted. */
export type Side = {
  readonly id: string;
  readonly schema: TenantName;
  readonly admin: Person;
  readonly secret: string;
  readonly documentId: string;
  readonly messageId: string;
  readonly ctx: RequestContext;
  scope(): Promise<TenantScope>;
  run<T>(work: (tx: TenantTx) => Promise<T>): Promise<T>;
};

export type Pair = {
  readonly a: Side;
  readonly b: Side;
  /** Switches the layer of roles off: A's role may do everything in B's schema. */
  withoutRoles(): Promise<void>;
  /** Switches the layer of row security off, in both schemas. */
  withoutRowSecurity(): Promise<void>;
};

/** Two tenants on which a test of one layer switches the others off. */
export async function makePair(appliance: TestAppliance): Promise<Pair> {
  const [a, b] = await Promise.all([makeSide(appliance), makeSide(appliance)]);
  const { superuser } = appliance;
  return {
    a,
    b,
    withoutRoles: async () => {
      await superuser.query(
        `grant usage on schema "${b.schema}" to "${a.schema}";
         grant all on all tables in schema "${b.schema}" to "${a.schema}"`,
      );
    },
    withoutRowSecurity: async () => {
      for (const schema of [a.schema, b.schema]) {
        const { rows } = await superuser.query<{ name: string }>(
          `select class.relname as name from pg_class class
           where class.relnamespace = $1::regnamespace and class.relrowsecurity`,
          [schema],
        );
        for (const { name } of rows)
          await superuser.query(
            `alter table "${schema}"."${name}" disable row level security, no force row level security`,
          );
      }
    },
  };
}

async function makeSide(appliance: TestAppliance): Promise<Side> {
  const id = await appliance.makeTenant();
  const admin = await appliance.makePerson({ [id]: 'admin' });
  const ctx = appliance.contextOf(admin, id);
  const scope = (): Promise<TenantScope> => appliance.parts.openTenant(id, admin.accountId);
  const secret = `secret ${randomBytes(8).toString('hex')}`;
  const [documentId, conversationId, messageId] = [newId(), newId(), newId()];
  const fields = await ctx.openFields();
  const content = fields.encrypt({ table: 'messages', row: messageId, field: 'content' }, secret);
  await ctx.inTenant(async (tx) => {
    await tx.execute(
      `insert into documents (id, tenant_id, name, media_type, bytes, sha256)
       values ($1, $2, $3, 'text/plain', 1, sha256(convert_to($3, 'UTF8')))`,
      [documentId, id, secret],
    );
    await tx.execute('insert into conversations (id, tenant_id, account_id) values ($1, $2, $3)', [
      conversationId,
      id,
      admin.accountId,
    ]);
    await tx.execute(
      `insert into messages (id, tenant_id, account_id, conversation_id, role, state, content)
       values ($1, $2, $3, $4, 'user', 'complete', $5)`,
      [messageId, id, admin.accountId, conversationId, content],
    );
  });
  return {
    id,
    schema: tenantName(id),
    admin,
    secret,
    documentId,
    messageId,
    ctx,
    scope,
    run: async (work) => appliance.parts.platform.db.inTenant(await scope(), work),
  };
}
