import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { checkGuard } from '../access/index.ts';
import { createChat } from '../chat/index.ts';
import { makePair, type Pair, type Side } from '../../tests/make-pair.ts';
import { uploadPath } from '../knowledge/index.ts';
import {
  JobRefused,
  newId,
  type Endpoint,
  type FieldEncryptor,
  type Io,
  type Job,
  type TenantJob,
  type TenantTx,
} from '../platform/index.ts';
import { bindJobHandlers } from './job-handlers.ts';
import { routeTable } from './routes.ts';

/**
 * The table of docs/isolation.md: each layer of isolation alone against the attack that it is for.
 * Its test switches the other layers off, in a database of its own; then shows that the layer
 * refuses, that the rightful owner does the same, and that the attack succeeds without the layer.
 */
describe('a layer of isolation, with all others switched off', () => {
  let appliance: TestAppliance;
  let pair: Pair;
  let a: Side;
  let b: Side;

  beforeAll(async () => {
    appliance = await startAppliance();
  });
  beforeEach(async () => {
    pair = await makePair(appliance);
    ({ a, b } = pair);
  });
  afterAll(() => appliance.stop());

  const namesOf = async (tx: TenantTx, of: Side): Promise<string[]> => {
    const rows = await tx.query<{ name: string }>(`select name from "${of.schema}".documents`);
    return rows.map(({ name }) => name);
  };

  it("ISO-12: roles alone stop a statement that has B's proof and the wrong role", async () => {
    await pair.withoutRowSecurity();
    const { proof } = await b.scope();
    const attack = async (): Promise<string[]> =>
      appliance.parts.platform.db.inTenant({ ...(await a.scope()), proof }, (tx) => namesOf(tx, b));
    await expect(attack()).rejects.toThrow(/permission denied for schema/);
    expect(await b.run((tx) => namesOf(tx, b))).toContain(b.secret);
    await pair.withoutRoles();
    expect(await attack()).toContain(b.secret);
  });

  it('ISO-12: row security alone stops injected SQL that changes role, schema and account', async () => {
    await pair.withoutRoles();
    const attack = (): Promise<string[]> =>
      a.run(async (tx) => {
        await tx.query(
          `select set_config('search_path', $1, true), set_config('casemate.account', $2, true)`,
          [b.schema, b.admin.accountId],
        );
        await tx.query(`select set_config('role', $1, true)`, [b.schema]);
        return namesOf(tx, b);
      });
    expect(await attack()).toEqual([]);
    expect(await b.run((tx) => namesOf(tx, b))).toContain(b.secret);
    await pair.withoutRowSecurity();
    expect(await attack()).toContain(b.secret);
  });

  it("ISO-12: keys alone keep B's text from who reads and moves its rows", async () => {
    await pair.withoutRoles();
    await pair.withoutRowSecurity();
    const stolen = (): Promise<string> =>
      a.run(async (tx) => {
        const rows = await tx.query<{ content: string }>(
          `select content from "${b.schema}".messages where id = $1`,
          [b.messageId],
        );
        return rows[0]?.content ?? '';
      });
    const text = await stolen();
    const open = (ring: FieldEncryptor, row: string): string =>
      ring.decrypt({ table: 'messages', row, field: 'content' }, text);
    expect(text).not.toContain(b.secret);
    const ringA = await a.ctx.openFields();
    const ringB = await b.ctx.openFields();
    for (const row of [b.messageId, a.messageId]) expect(() => open(ringA, row)).toThrow();
    expect(() => open(ringB, a.messageId)).toThrow();
    expect(open(ringB, b.messageId)).toBe(b.secret);
    // Without keys the text lies there as it is; the database itself must be made to take it.
    const { rows } = await appliance.superuser.query<{ name: string }>(
      `select conname as name from pg_constraint
       where conrelid = $1::regclass and contype = 'c' and conname like 'keys%'`,
      [`"${b.schema}".messages`],
    );
    for (const { name } of rows)
      await appliance.superuser.query(
        `alter table "${b.schema}".messages drop constraint "${name}"`,
      );
    await appliance.superuser.query(`update "${b.schema}".messages set content = $1`, [b.secret]);
    expect(await stolen()).toBe(b.secret);
  });

  it('ISO-12: the guard of a route alone keeps a person of A from the address of B', async () => {
    await pair.withoutRoles();
    await pair.withoutRowSecurity();
    const route = routes().find(
      ({ method, path }) => method === 'get' && path === '/api/tenants/:tenantId/documents',
    );
    if (!route) throw new Error('the route is gone');
    const ask = async (who: Side, role: 'admin' | null, guarded: boolean): Promise<string> => {
      const bound = appliance.contextOf(who.admin, b.id);
      const factor = { due: false, required: true, enrolled: true, shownAt: new Date() };
      const ctx = {
        ...bound,
        actor: { ...bound.actor, factor },
        standing: role && { role, level: 100, granted: [], minimum: {} },
      };
      if (guarded) checkGuard(route.guard, ctx);
      const input = { params: { tenantId: b.id }, query: { limit: 50 } };
      return JSON.stringify(await route.run(ctx, input as never, {} as Io));
    };
    await expect(ask(a, null, true)).rejects.toThrow('No such tenant');
    expect(await ask(b, 'admin', true)).toContain(b.secret);
    expect(await ask(a, null, false)).toContain(b.secret);
  });

  it("ISO-12: the typed scope alone keeps a slip with B's id inside of A", async () => {
    await pair.withoutRoles();
    await pair.withoutRowSecurity();
    // What a repo writes: no schema, since the transaction has one.
    const find = (tx: TenantTx): Promise<unknown[]> =>
      tx.query('select name from documents where id = $1', [b.documentId]);
    expect(await a.run(find)).toEqual([]);
    expect(await b.run(find)).toEqual([{ name: b.secret }]);
    const unscoped = (tx: TenantTx): Promise<unknown[]> =>
      tx.query(`select name from "${b.schema}".documents where id = $1`, [b.documentId]);
    expect(await a.run(unscoped)).toEqual([{ name: b.secret }]);
    const nowhere = appliance.contextOf(a.admin, null);
    await expect(nowhere.inTenant(find)).rejects.toThrow(/names no tenant/);
  });

  it('ISO-12: the worker alone refuses a job that A forged into the queue of B', async () => {
    await pair.withoutRoles();
    await pair.withoutRowSecurity();
    // Every door of the queue stands open: A's role writes what it likes.
    await appliance.superuser.query(
      `alter table control.jobs disable row level security;
       grant all on control.jobs to "${a.schema}"`,
    );
    const forge = async (accountId: string): Promise<Job> => {
      const id = newId();
      await a.run((tx) =>
        tx.execute(
          `insert into control.jobs (id, queue, kind, tenant_id, subject_id, account_id)
           values ($1, 'work', 'test.read', $2, $3, $4)`,
          [id, b.id, newId(), accountId],
        ),
      );
      const job = { id, queue: 'work', kind: 'test.read', tenantId: b.id, accountId } as const;
      return { ...job, subjectId: b.documentId, claim: 1, attempt: 1, maxAttempts: 5 };
    };
    const read: string[] = [];
    const work: TenantJob = {
      permission: 'documents.write',
      bySystem: false,
      run: async (ctx) => {
        read.push(...(await ctx.inTenant((tx) => namesOf(tx, b))));
      },
    };
    const handlers = bindJobHandlers(appliance.parts, () => undefined, { 'test.read': work });
    const run = async (accountId: string): Promise<unknown> =>
      handlers['test.read']?.(await forge(accountId), new AbortController().signal);
    await expect(run(a.admin.accountId)).rejects.toThrow(JobRefused);
    expect(read).toEqual([]);
    await run(b.admin.accountId);
    expect(read).toContain(b.secret);
    read.length = 0;
    await work.run(appliance.contextOf(a.admin, b.id), await forge(a.admin.accountId));
    expect(read).toContain(b.secret);
    await appliance.superuser.query('alter table control.jobs enable row level security');
  });

  it("ISO-12: names alone keep a file of B from a job of A that has B's id", async () => {
    const data = appliance.config.CASEMATE_DATA_DIR;
    const file = uploadPath(data, b.id, b.documentId);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, b.secret);
    const read = (tenantId: string): string =>
      readFileSync(uploadPath(data, tenantId, b.documentId), 'utf8');
    expect(() => read(a.id)).toThrow(/ENOENT/);
    expect(read(b.id)).toBe(b.secret);
    // Without the tenant in the name there is one file for both, and the id alone leads to it.
    const unnamed = (_tenantId: string): string => join(dirname(dirname(file)), b.documentId);
    writeFileSync(unnamed(b.id), b.secret);
    expect(readFileSync(unnamed(a.id), 'utf8')).toBe(b.secret);
  });

  it('ISO-12: names alone keep what is cached for B from A: keys, and sessions', async () => {
    const { tenantKeys, identity } = appliance.parts;
    const place = { table: 'messages', row: b.messageId, field: 'content' };
    const sealed = (await b.ctx.openFields()).encrypt(place, b.secret);
    // B's key is in the cache now; A asks the same cache in its own name.
    const ringOf = (side: Side): Promise<FieldEncryptor> =>
      tenantKeys.open({
        tenantId: side.id,
        readTenant: (work) => side.ctx.readTenant(work),
        signal: new AbortController().signal,
      });
    const ofA = await ringOf(a);
    expect(() => ofA.decrypt(place, sealed)).toThrow();
    expect((await ringOf(b)).decrypt(place, sealed)).toBe(b.secret);
    expect(await identity.sessions.get(newId())).toBeUndefined();
    // Under one name for all, whoever asks second would get what the first one opened.
    const unnamed = await ringOf({ ...a, id: b.id });
    expect(unnamed.decrypt(place, sealed)).toBe(b.secret);
  });

  function routes(): readonly Endpoint[] {
    const chat = createChat({ search: () => Promise.resolve([]) });
    return routeTable({ identity: appliance.parts.identity, chat });
  }
});
