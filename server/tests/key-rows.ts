import { setTimeout as pause } from 'node:timers/promises';
import { createTenantKeys } from '../src/crypto/index.ts';
import { newId, tenantName } from '../src/platform/index.ts';
import type { Person, TestAppliance } from './test-appliance.ts';

const TITLE = (row: string) => ({ table: 'conversations', row, field: 'title' });
const SECRET = (accountId: string, id: string) => ({
  table: 'account_secrets',
  row: `${accountId}/${id}`,
  field: 'value',
});

/** Encrypted titles of conversations: as people write them, and as they lie in the database. */
export function titlesOf(appliance: TestAppliance) {
  const { superuser } = appliance;
  const write = async (tenantId: string, person: Person, title: string): Promise<string> => {
    const ctx = appliance.contextOf(person, tenantId);
    const id = newId();
    const sealed = (await ctx.openFields()).encrypt(TITLE(id), title);
    await ctx.inTenant((tx) =>
      tx.execute(
        'insert into conversations (id, tenant_id, account_id, title) values ($1, $2, $3, $4)',
        [id, tenantId, person.accountId, sealed],
      ),
    );
    return id;
  };
  const read = async (
    tenantId: string,
    person: Person,
    id: string,
    keys = appliance.parts.tenantKeys,
  ): Promise<string> => {
    const ctx = appliance.contextOf(person, tenantId);
    const { readTenant, signal } = ctx;
    const fields = await keys.open({ tenantId, readTenant, signal });
    const [row] = await ctx.readTenant((tx) =>
      tx.query<{ title: string }>('select title from conversations where id = $1', [id]),
    );
    return fields.decrypt(TITLE(id), row?.title ?? '');
  };
  const stored = async (tenantId: string, ids: readonly string[]): Promise<string[]> => {
    const { rows } = await superuser.query<{ title: string }>(
      `select title from "${tenantName(tenantId)}".conversations
       where id = any($1) order by array_position($1, id)`,
      [ids],
    );
    return rows.map(({ title }) => title);
  };
  const put = (tenantId: string, id: string, title: string) =>
    superuser.query(`update "${tenantName(tenantId)}".conversations set title = $2 where id = $1`, [
      id,
      title,
    ]);
  return {
    write,
    read,
    stored,
    put,
    /** Some at a time: whoever waits long for a connection is refused. */
    writeMany: async (tenantId: string, person: Person, count: number): Promise<string[]> => {
      const ids: string[] = [];
      while (ids.length < count) {
        const titles = Array.from({ length: Math.min(20, count - ids.length) }, (_none, at) =>
          write(tenantId, person, `title ${ids.length + at}`),
        );
        ids.push(...(await Promise.all(titles)));
      }
      return ids;
    },
    /** Rows as they were before the column was encrypted. */
    makePlain: async (tenantId: string, ids: readonly string[]): Promise<void> => {
      await superuser.query(
        `alter table "${tenantName(tenantId)}".conversations drop constraint keys_title`,
      );
      for (const [at, id] of ids.entries()) await put(tenantId, id, `title ${at}`);
    },
    /** Versions under which titles stand, as the database sees them. */
    versions: async (tenantId: string): Promise<number[]> => {
      const { rows } = await superuser.query<{ version: number }>(
        `select distinct split_part(title, '.', 2)::integer as version
         from "${tenantName(tenantId)}".conversations`,
      );
      return rows.map(({ version }) => version);
    },
    /** Writes in this process; reads with the keys of another one, which learns of them later. */
    startLoad: (tenantId: string, person: Person) => {
      const { keys } = appliance.parts.platform;
      const others = createTenantKeys(keys, { seconds: 1, uses: 1_000_000 });
      return startLoad({
        write: (title) => write(tenantId, person, title),
        read: (id) => read(tenantId, person, id, others),
      });
    },
  };
}

type Load = { write: (title: string) => Promise<string>; read: (id: string) => Promise<string> };

/** Writes and reads until stopped; keeps what goes wrong, and reads everything once more at the end. */
function startLoad({ write, read }: Load) {
  const failures: unknown[] = [];
  const written: { id: string; title: string }[] = [];
  let running = true;
  const work = async (): Promise<void> => {
    while (running)
      try {
        const title = `load ${written.length}`;
        const id = await write(title);
        written.push({ id, title });
        await read(id);
        await pause(20);
      } catch (error) {
        failures.push(error);
      }
  };
  const workers = [work(), work()];
  return {
    stop: async () => {
      running = false;
      await Promise.all(workers);
      let right = 0;
      for (const { id, title } of written) if ((await read(id)) === title) right += 1;
      return { failures, writes: written.length, read: right };
    },
  };
}

/** Secrets of accounts under the platform's key. */
export function secretsOf(appliance: TestAppliance) {
  const stored = async (id: string): Promise<string> => {
    const { rows } = await appliance.superuser.query<{ value: string }>(
      'select value from control.account_secrets where id = $1',
      [id],
    );
    return rows[0]?.value ?? '';
  };
  return {
    stored,
    write: async (accountId: string, value: string): Promise<string> => {
      const ctx = appliance.contextOf(null, null);
      const id = newId();
      const sealed = (await ctx.openPlatformFields()).encrypt(SECRET(accountId, id), value);
      await ctx.inControl((tx) =>
        tx.execute(
          `insert into control.account_secrets (id, account_id, kind, value) values ($1, $2, 'totp_seed', $3)`,
          [id, accountId, sealed],
        ),
      );
      return id;
    },
    read: async (accountId: string, id: string): Promise<string> =>
      (await appliance.contextOf(null, null).openPlatformFields()).decrypt(
        SECRET(accountId, id),
        await stored(id),
      ),
  };
}
