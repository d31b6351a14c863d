import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import bcrypt from 'bcrypt';
import { makeOldDatabase, type OldDatabase } from '../../tests/old-database.ts';
import { testConfig } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { enrol, type Authenticator } from '../../tests/use-authenticator.ts';
import { ensurePlatformKey } from '../crypto/index.ts';
import { newId, type Config, type FieldEncryptor } from '../platform/index.ts';
import { makeProofs, readMigrations } from '../tenancy/index.ts';
import { createParts, type Parts } from './parts.ts';

/** What a version of schema 12 had left behind; tenant schemas were at 6. */
const OLD = { control: 12, tenant: 6 };
const PASSWORD = 'Correct-horse-7';

type Kept = {
  tenantId: string;
  accountId: string;
  email: string;
  sessionId: string;
  refreshToken: string;
  conversationId: string;
  documentId: string;
  question: string;
  answer: string;
  quote: string;
};

describe('an upgrade of a database of an earlier version', () => {
  let old: OldDatabase;
  let config: Config;
  let parts: Parts;
  let provisioning: Parts;
  let kept: Kept[];
  let server: TestServer | undefined;

  beforeAll(async () => {
    old = await makeOldDatabase(OLD);
    config = testConfig(old.name, { CASEMATE_ANONYMOUS_PER_MINUTE: 10_000 });
    parts = await createParts(config, 'server');
    provisioning = await createParts(
      { ...testConfig(old.name, {}, 'provisioner'), CASEMATE_DATABASE_POOL: 2 },
      'provisioner',
    );
    await ensurePlatformKey(provisioning.platform);
    kept = [await leaveBehind('one'), await leaveBehind('other')];
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    parts.identity.hasher.stop();
    await parts.platform.db.close();
    await provisioning.platform.db.close();
    await old.drop();
  });

  const sql = (text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }> =>
    old.superuser.query<Record<string, unknown>>(text, values);

  /** A tenant with a person, a session, a document and an answer, written as that version wrote them. */
  async function leaveBehind(name: string): Promise<Kept> {
    const tenantId = newId();
    await sql(
      `insert into control.tenants (id, name, language, state) values ($1, $2, 'en', 'provisioning')`,
      [tenantId, `Tenant ${name}`],
    );
    await old.provision(provisioning.platform, tenantId);
    const [accountId, sessionId] = [newId(), newId()];
    const email = `${name}@example.invalid`;
    await sql(
      `insert into control.accounts (id, audit_id, email, name, password_hash) values ($1, $2, $3, $4, $5)`,
      [accountId, newId(), email, name, await bcrypt.hash(PASSWORD, 12)],
    );
    await sql(
      `insert into control.memberships (account_id, tenant_id, role) values ($1, $2, 'admin')`,
      [accountId, tenantId],
    );
    await sql(
      `insert into control.sessions (id, account_id, expires_at) values ($1, $2, now() + interval '7 days')`,
      [sessionId, accountId],
    );
    const refreshToken = randomBytes(32).toString('base64url');
    await sql('insert into control.refresh_tokens (hash, session_id) values ($1, $2)', [
      createHash('sha256').update(refreshToken).digest(),
      sessionId,
    ]);
    const texts = {
      question: `What of ${name}?`,
      answer: `It is ${name} [1].`,
      quote: `q ${name}`,
    };
    const ids = await writeAnswer({ tenantId, accountId, name, ...texts });
    return { tenantId, accountId, email, sessionId, refreshToken, ...ids, ...texts };
  }

  async function writeAnswer(
    of: Pick<Kept, 'tenantId' | 'accountId' | 'question' | 'answer' | 'quote'> & { name: string },
  ): Promise<Pick<Kept, 'conversationId' | 'documentId'>> {
    const { tenantId, accountId, name } = of;
    const scope = await parts.openTenant(tenantId, accountId);
    const fields: FieldEncryptor = await parts.tenantKeys.open({
      tenantId,
      readTenant: (work) => parts.platform.db.readTenant(scope, work),
      signal: new AbortController().signal,
    });
    const [conversationId, documentId, chunkId] = [newId(), newId(), newId()];
    const [asked, answered] = [newId(), newId()];
    const content = (row: string) => ({ table: 'messages', row, field: 'content' });
    await parts.platform.db.inTenant(scope, async (tx) => {
      await tx.execute(
        `insert into documents (id, tenant_id, name, media_type, bytes, sha256, state, pages)
         values ($1, $2, $3, 'text/plain', 10, $4, 'ready', 1)`,
        [documentId, tenantId, `${name}.txt`, createHash('sha256').update(name).digest()],
      );
      await tx.execute(
        `insert into chunks (id, tenant_id, document_id, ordinal, text) values ($1, $2, $3, 0, $4)`,
        [chunkId, tenantId, documentId, of.quote],
      );
      await tx.execute(
        `insert into conversations (id, tenant_id, account_id, title) values ($1, $2, $3, $4)`,
        [
          conversationId,
          tenantId,
          accountId,
          fields.encrypt(
            { table: 'conversations', row: conversationId, field: 'title' },
            of.question,
          ),
        ],
      );
      await tx.execute(
        `insert into messages (id, tenant_id, account_id, conversation_id, role, content, state)
         values ($1, $2, $3, $4, 'user', $5, 'complete')`,
        [asked, tenantId, accountId, conversationId, fields.encrypt(content(asked), of.question)],
      );
      await tx.execute(
        `insert into messages (id, tenant_id, account_id, conversation_id, role, content, state,
           verdict, sentences, settled_at)
         values ($1, $2, $3, $4, 'assistant', $5, 'complete', 'supported', '[]', now())`,
        [
          answered,
          tenantId,
          accountId,
          conversationId,
          fields.encrypt(content(answered), of.answer),
        ],
      );
      await tx.execute(
        `insert into message_citations (message_id, n, tenant_id, account_id, chunk_id, document_id,
           document_name, quote) values ($1, 1, $2, $3, $4, $5, $6, $7)`,
        [
          answered,
          tenantId,
          accountId,
          chunkId,
          documentId,
          `${name}.txt`,
          fields.encrypt(
            { table: 'message_citations', row: `${answered}/1`, field: 'quote' },
            of.quote,
          ),
        ],
      );
    });
    return { conversationId, documentId };
  }

  const columnsOf = async (table: string): Promise<unknown[]> =>
    (
      await sql(
        `select column_name as name from information_schema.columns
         where table_schema = 'control' and table_name = $1`,
        [table],
      )
    ).rows.map(({ name }) => name);
  const numbersOf = async (prefix: string): Promise<number[]> =>
    (
      await sql(
        `select name from control.migrations where name like $1 || '%' and name like 'tenant/%' = $2
         order by name`,
        [prefix, prefix !== ''],
      )
    ).rows.map(({ name }) => Number(String(name).slice(prefix.length, prefix.length + 4)));

  it('stands at the schema of then, with its rows', async () => {
    expect(Math.max(...(await numbersOf('')))).toBe(OLD.control);
    expect(Math.max(...(await numbersOf('tenant/')))).toBe(OLD.tenant);
    expect(await columnsOf('accounts')).not.toContain('seal');
    const { rows } = await sql(
      `select schema_version as version, state from control.tenants where id = any($1)`,
      [kept.map(({ tenantId }) => tenantId)],
    );
    expect(rows).toEqual(kept.map(() => ({ version: OLD.tenant, state: 'active' })));
  });

  it('brings control schema and tenants to this version, loses no row, and has nothing left to do', async () => {
    const { vault } = parts.platform;
    const proofsOf = (steps: Parameters<typeof makeProofs>[1]): Promise<string[]> =>
      makeProofs(vault, steps);
    const due = await old.pending(proofsOf);
    expect(due.tenants).toHaveLength(kept.length);
    expect(due.control.map(({ number }) => number)[0]).toBe(OLD.control + 1);
    expect(await old.upgrade(proofsOf)).toMatchObject({ tenants: kept.length, failed: [] });
    const left = await old.pending(proofsOf);
    expect([left.control, left.tenantFiles, left.tenants]).toEqual([[], [], []]);
    const latest = (await readMigrations(`${import.meta.dirname}/../../migrations/tenant`)).at(-1);
    const { rows } = await sql(
      'select distinct schema_version as version from control.tenants where id = any($1)',
      [kept.map(({ tenantId }) => tenantId)],
    );
    expect(rows).toEqual([{ version: latest?.number }]);
  });

  const apps = new Map<string, Authenticator>();

  it('its people sign in with their passwords, and read what they had asked, decrypted', async () => {
    server = await startServer(config);
    for (const mine of kept) {
      const json = { email: mine.email, password: PASSWORD };
      const signedIn = await server.ask('POST', '/api/session', { json });
      expect([signedIn.status, signedIn.text]).toEqual([201, expect.any(String)]);
      const { accessToken: token, tenants } = signedIn.json<{
        accessToken: string;
        tenants: { id: string; role: string }[];
      }>();
      expect(tenants).toMatchObject([{ id: mine.tenantId, role: 'admin' }]);
      const path = `/api/tenants/${mine.tenantId}/conversations/${mine.conversationId}`;
      // An administrator of before is led to a second factor, and then goes on.
      const led = await server.ask('GET', path, { token });
      expect(led.json<{ code: string }>().code).toBe('second_factor_required');
      apps.set(mine.accountId, await enrol(server, token));
      const read = await server.ask('GET', path, { token });
      expect(read.status).toBe(200);
      const { title, messages } = read.json<{
        title: string;
        messages: { content: string; citations: { quote: string; documentName: string }[] }[];
      }>();
      expect(title).toBe(mine.question);
      expect(messages.map(({ content }) => content)).toEqual([mine.question, mine.answer]);
      expect(messages[1]?.citations).toMatchObject([{ quote: mine.quote }]);
      const document = await server.ask(
        'GET',
        `/api/tenants/${mine.tenantId}/documents/${mine.documentId}`,
        { token },
      );
      expect(document.json()).toMatchObject({ state: 'ready' });
      // And nothing of each other.
      const [other] = kept.filter(({ tenantId }) => tenantId !== mine.tenantId);
      const theirs = await server.ask('GET', `/api/tenants/${other?.tenantId}/conversations`, {
        token,
      });
      expect(theirs.status).toBe(404);
    }
  });

  it('an old session goes on while its access token lives, once it has shown the new factor; its old refresh token asks to sign in once more', async () => {
    const [mine] = kept;
    if (!mine || !server) throw new Error('the server of the new version did not start');
    const { accountId, sessionId, refreshToken } = mine;
    const { accessToken: token } = await parts.identity.tokens.issue({ accountId, sessionId });
    const path = `/api/tenants/${mine.tenantId}/conversations`;
    const led = await server.ask('GET', path, { token });
    expect(led.json<{ code: string }>().code).toBe('second_factor_required');
    const asked = await server.ask('POST', '/api/me/step-up/challenge', { token });
    const { challenge } = asked.json<{ challenge: string }>();
    const answer = { kind: 'totp', code: await apps.get(accountId)?.code() };
    const json = { challenge, answer };
    expect((await server.ask('POST', '/api/me/step-up', { token, json })).status).toBe(204);
    expect((await server.ask('GET', path, { token })).status).toBe(200);
    const made = await server.ask('POST', path, { token, json: {} });
    expect(made.status).toBe(201);
    const refreshed = await server.ask('POST', '/api/session/refresh', {
      headers: {
        cookie: `__Secure-casemate-refresh=${refreshToken}`,
        origin: server.origin,
        host: `localhost:${server.port}`,
      },
    });
    expect(refreshed.status).toBe(401);
    expect(refreshed.json<{ detail: string }>().detail).toContain('sign in again');
  });

  it('its audit logs go on: what the new version does is sequenced behind what the old one wrote', async () => {
    const [mine] = kept;
    for (let tries = 0; tries < 200; tries += 1) {
      const { rows } = await sql(
        `select count(*)::int as n from "tenant_${mine?.tenantId.replaceAll('-', '')}".audit_log`,
        [],
      );
      if (Number(rows[0]?.['n']) > 0) return;
      await pause(50);
    }
    throw new Error('no event of the upgraded tenant was sequenced');
  });
});
