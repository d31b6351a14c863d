import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findInFiles } from '../../tests/find-in-files.ts';
import { processes } from '../../tests/list-processes.ts';
import { openStream, type OpenStream, type SentEvent } from '../../tests/open-stream.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { startScriptedModel, type ScriptedModel } from '../../tests/scripted-model.ts';
import { eventually, makeSealedTenantOf, waitForState } from '../../tests/sealed-tenant.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startProgram, type Program } from '../../tests/start-program.ts';
import { askOf, type Answer, type TestServer } from '../../tests/test-server.ts';

/** What was planted in one tenant, by the way it went in. */
type Planted = {
  readonly tenantId: string;
  readonly owner: SignedIn;
  readonly documentId: string;
  readonly conversationId: string;
  readonly canaries: Readonly<
    Record<'name' | 'heading' | 'text' | 'question' | 'answer' | 'title', string>
  >;
};

describe('a sealed tenant, searched for', () => {
  let model: ScriptedModel;
  let appliance: TestAppliance;
  /** A process of its own: one that searched files itself would answer late, and refuse some requests. */
  let program: Program;
  let agent: https.Agent;
  let server: Pick<TestServer, 'ask' | 'port'>;
  let sealed: Planted;
  let standard: Planted;
  let shares: readonly string[];

  beforeAll(async () => {
    model = await startScriptedModel();
    appliance = await startAppliance({ CASEMATE_OLLAMA_URL: model.url });
    program = await startProgram('serve', appliance.config);
    agent = new https.Agent({ keepAlive: true, ca: readFileSync(partsInfo().caFile) });
    const port = program.ready.port ?? 0;
    server = { port, ask: askOf(agent, port) };
    const tenant = await makeSealedTenantOf(appliance, (id) =>
      signInPerson(appliance, { [id]: 'admin' }),
    );
    shares = tenant.shares;
    await waitUntilIndexed(tenant.id, tenant.holder);
    sealed = await plant(tenant.id, tenant.holder, 'qsealq');
    const standardId = await appliance.makeTenant('Standard');
    const owner = await signInPerson(appliance, { [standardId]: 'admin' });
    standard = await plant(standardId, owner, 'qopenq');
  });
  afterAll(async () => {
    agent.destroy();
    await program.stop();
    await appliance.stop();
    await model.stop();
  });

  const ask = (who: Planted, method: string, path: string, json?: unknown): Promise<Answer> =>
    server.ask(method, `/api/tenants/${who.tenantId}${path}`, {
      token: who.owner.token,
      ...(json === undefined ? {} : { json }),
    });

  /** Uploads, asks and names with a word of its own for each route. */
  async function plant(tenantId: string, owner: SignedIn, prefix: string): Promise<Planted> {
    const word = (way: string): string => `${prefix}${way}zx`;
    const canaries = {
      name: word('name'),
      heading: word('heading'),
      text: word('text'),
      question: word('question'),
      answer: word('answer'),
      title: word('title'),
    };
    const { token } = owner;
    const documents = `/api/tenants/${tenantId}/documents`;
    const body = `# Depot ${canaries.heading}\n\nThe emergency code of the depot is ${canaries.text}. It is changed every month by the supervisor of the shift.\n`;
    const sent = await server.ask('POST', `${documents}?name=${canaries.name}.md`, {
      token,
      raw: Buffer.from(body),
    });
    expect(sent.status).toBe(202);
    const documentId = sent.json<{ id: string }>().id;
    await eventually(async () => {
      const found = await server.ask('GET', `${documents}/${documentId}`, { token });
      return found.json<{ state: string }>().state === 'ready' ? true : undefined;
    }, 300);
    const conversations = `/api/tenants/${tenantId}/conversations`;
    const made = await server.ask('POST', conversations, { token, json: {} });
    const conversationId = made.json<{ id: string }>().id;
    model.answer([`The emergency code of the depot is ${canaries.text} [1]. ${canaries.answer}`]);
    const stream = await openStream({
      port: server.port,
      token,
      path: `${conversations}/${conversationId}/messages`,
      json: { content: `What is the emergency code of the depot? ${canaries.question}` },
    });
    await stream.ended;
    const named = await server.ask('PATCH', `${conversations}/${conversationId}`, {
      token,
      json: { title: canaries.title },
    });
    expect(named.status).toBe(200);
    return { tenantId, owner, documentId, conversationId, canaries };
  }

  const READS = (planted: Planted): string[] => [
    '/documents',
    `/documents/${planted.documentId}`,
    '/search?q=emergency+code+depot',
    '/conversations',
    `/conversations/${planted.conversationId}`,
  ];

  /** Everything that the owner reads; the twin of each refusal. */
  const readAll = async (planted: Planted): Promise<string> => {
    const answers = await Promise.all(READS(planted).map((path) => ask(planted, 'GET', path)));
    expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
    return answers.map(({ text }) => text).join('\n');
  };
  const toDisk = (): Promise<unknown> => appliance.superuser.query('checkpoint');
  const canariesOf = ({ canaries }: Planted): string[] => Object.values(canaries);
  const onDisk = (planted: Planted): { file: string; text: string }[] =>
    findInFiles(partsInfo().dir, canariesOf(planted));

  it('ENC-11: its twin first: the owners of both tiers read what they planted', async () => {
    for (const planted of [sealed, standard]) {
      const { text, heading, name, question, title } = planted.canaries;
      const read = await readAll(planted);
      for (const canary of [text, heading, name, question, title]) expect(read).toContain(canary);
    }
  });

  it('ENC-11: the search finds a standard tenant in files, log and dump; of the sealed tier only the index', async () => {
    await toDisk();
    // What autovacuum would do: samples of columns go into a catalog that is logged.
    await appliance.superuser.query('analyze');
    // A checkpoint leaves unlogged tables in memory; writing one anew does not.
    await appliance.superuser.query(`vacuum full ${schemaOf(sealed.tenantId)}.chunk_words`);
    const { text, name, heading } = standard.canaries;
    const open = onDisk(standard);
    for (const canary of [text, name, heading])
      expect(open.filter((found) => found.text === canary).map(({ file }) => file)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/\/base\//),
          expect.stringMatching(/pg_wal/),
        ]),
      );
    expect(await dump(standard.tenantId)).toContain(text);
    // Before it is sealed: the words of the index, in its unlogged files, and nowhere else.
    const files = await indexFiles();
    const closed = onDisk(sealed);
    expect(closed.length).toBeGreaterThan(0);
    expect(closed.filter(({ file }) => !files.some((own) => file.endsWith(own)))).toEqual([]);
  });

  it('ENC-11: its key shares were never written anywhere, nor shown in a list of processes', async () => {
    await toDisk();
    expect(findInFiles(partsInfo().dir, shares)).toEqual([]);
    expect(processes()).not.toContain(shares[0] ?? 'none');
  });

  it('ENC-11: once it is sealed nobody reads it, from its routes, its files, its dump or a list of processes', async () => {
    const lasting = await startLongAnswer();
    expect((await ask(sealed, 'POST', '/seal/close', {})).status).toBe(200);
    await waitForState(appliance, sealed.tenantId, 'sealed');
    expect((await lasting.ended).at(-1)).toMatchObject({ kind: 'error', data: { code: 'sealed' } });
    for (const path of READS(sealed)) {
      const { status, text } = await ask(sealed, 'GET', path);
      expect([path, status]).toEqual([path, 423]);
      for (const canary of canariesOf(sealed)) expect(text).not.toContain(canary);
    }
    await toDisk();
    expect(onDisk(sealed)).toEqual([]);
    const dumped = await dump();
    expect(dumped).toContain(standard.canaries.text);
    for (const canary of canariesOf(sealed)) expect(dumped.toLowerCase()).not.toContain(canary);
    for (const canary of canariesOf(sealed)) expect(processes()).not.toContain(canary);
    // The search is known to work, and the others work on.
    expect(onDisk(standard).length).toBeGreaterThan(0);
    expect(await readAll(standard)).toContain(standard.canaries.text);
  });

  it('ENC-11: opened with its shares it is whole again, its index rebuilt without the model', async () => {
    const opened = await ask(sealed, 'POST', '/seal/open', { shares: shares.slice(1) });
    expect([opened.status, opened.json<{ sealed: boolean }>().sealed]).toEqual([200, false]);
    await waitUntilIndexed();
    expect(await readAll(sealed)).toContain(sealed.canaries.text);
    const found = await ask(sealed, 'GET', `/search?q=${sealed.canaries.heading}`);
    expect(found.json<{ hits: unknown[] }>().hits).toHaveLength(1);
    const { rows } = await appliance.superuser.query<{ vectors: number }>(
      `select count(*)::int as vectors from ${schemaOf(sealed.tenantId)}.embeddings`,
    );
    expect(rows).toEqual([{ vectors: 1 }]);
  });

  it('ENC-11: an index that a crash of the database emptied is noticed and rebuilt', async () => {
    const space = schemaOf(sealed.tenantId);
    await appliance.superuser.query(
      `truncate ${space}.chunk_words, ${space}.lexemes, ${space}.embeddings, ${space}.search_index`,
    );
    const path = `/search?q=${sealed.canaries.heading}`;
    await eventually(async () => {
      const answer = await ask(sealed, 'GET', path);
      // In between it is refused, and never an empty list.
      if (answer.status === 503) return undefined;
      expect(answer.json<{ hits: unknown[] }>().hits).toHaveLength(1);
      return true;
    }, 300);
  });

  it('ENC-11 KB-03: asked while its search is rebuilt it says so, never "not in the documents"; whole, it answers', async () => {
    expect((await ask(sealed, 'POST', '/seal/close', {})).status).toBe(200);
    await waitForState(appliance, sealed.tenantId, 'sealed');
    const held = await appliance.superuser.connect();
    try {
      // Readers pass; what would write the index waits.
      await held.query(
        `begin; lock table ${schemaOf(sealed.tenantId)}.lexemes in share row exclusive mode`,
      );
      expect((await ask(sealed, 'POST', '/seal/open', { shares: shares.slice(1) })).status).toBe(
        200,
      );
      await waitForState(appliance, sealed.tenantId, 'active');
      const searched = await ask(sealed, 'GET', '/search?q=emergency+code+depot');
      expect([searched.status, searched.headers['retry-after']]).toEqual([503, '5']);
      expect(searched.json()).toMatchObject({ code: 'search_rebuilding' });
      const events = await (await question(sealed, '', CODE)).ended;
      expect(events.map(({ kind }) => kind)).toEqual(['started', 'error']);
      expect(events[1]?.data).toEqual({
        code: 'search_rebuilding',
        detail: expect.stringMatching(/search .* is being rebuilt .*\(0 of 1 passages .*ask again/),
      });
      const kept = await lastMessage(sealed);
      expect(kept).toMatchObject({ state: 'failed', verdict: null, content: '' });
      expect(kept).toMatchObject({ error: { code: 'search_rebuilding' } });
      // Its twin: the others ask on, and hear what is not there.
      const { messages } = await conversationOf(standard);
      expect(messages.at(-1)?.state).toBe('complete');
      const absent = await (await question(standard, '', 'Who won the cup in 1998?')).ended;
      expect(verdictOf(absent)).toBe('not_in_documents');
      await held.query('rollback');
      await waitUntilIndexed();
      const { text } = sealed.canaries;
      model.answer([`The emergency code of the depot is ${text} [1].`]);
      const again = await (await question(sealed, `/${String(kept?.id)}/regenerate`)).ended;
      expect(verdictOf(again)).toBe('supported');
      expect((await lastMessage(sealed))?.content).toContain(text);
      const unknown = await (await question(sealed, '', 'Who won the cup in 1998?')).ended;
      expect(verdictOf(unknown)).toBe('not_in_documents');
    } finally {
      held.release(true);
    }
  });

  it('ENC-11 KB-03: a question that runs while its tenant closes is told that it was sealed, never that nothing was found', async () => {
    const held = await appliance.superuser.connect();
    const silently = async (sealing: boolean): Promise<void> => {
      // Nobody hears of it: the programs act on what they knew, as in the moment before they hear.
      await appliance.superuser.query(
        `begin; set local session_replication_role = replica;
         update control.tenants set state = '${sealing ? 'sealed' : 'active'}',
           sealed_at = ${sealing ? 'now()' : 'null'}, seal_reason = ${sealing ? `'person'` : 'null'}
         where id = '${sealed.tenantId}'; commit`,
      );
      if (sealing) return;
      await eventually(async () =>
        (await ask(sealed, 'GET', '/search?q=depot')).status === 200 ? true : undefined,
      );
    };
    /** In a conversation of its own: an answer that could not be written stays open for a while. */
    const askAnew = async (who: Planted): Promise<OpenStream> => {
      const made = await ask(who, 'POST', '/conversations', {});
      return question({ ...who, conversationId: made.json<{ id: string }>().id }, '', CODE);
    };
    const words = [`The emergency code of the depot is ${sealed.canaries.text} [1].`];
    const lockedSearch = async (who: Planted): Promise<OpenStream> => {
      await held.query(
        `begin; lock table ${schemaOf(who.tenantId)}.chunk_words in access exclusive mode`,
      );
      const stream = await askAnew(who);
      await eventually(async () => {
        const { rows } = await appliance.superuser.query(
          `select from pg_stat_activity where datname = current_database()
             and wait_event_type = 'Lock'`,
        );
        return rows.length > 0 ? true : undefined;
      });
      return stream;
    };
    try {
      // In its search.
      const searching = await lockedSearch(sealed);
      await silently(true);
      await held.query('rollback');
      expect((await searching.ended).map(kindAndCode)).toEqual(['started', 'error sealed']);
      await silently(false);
      // When it is written down.
      model.answer([...words, { wait: 300 }, ' It is changed.']);
      const writing = await askAnew(sealed);
      await writing.first('delta');
      await silently(true);
      const told = (await writing.ended).map(kindAndCode);
      expect(told.at(-1)).toBe('error sealed');
      expect(told).not.toContain('done');
      await silently(false);
      // Their twins: the same wait and the same pause, in a tenant that stays open.
      model.answer(words);
      const waiting = await lockedSearch(standard);
      await held.query('rollback');
      expect((await waiting.ended).at(-1)?.kind).toBe('done');
      model.answer([...words, { wait: 300 }, ' It is changed.']);
      expect((await (await askAnew(sealed)).ended).at(-1)?.kind).toBe('done');
    } finally {
      held.release(true);
    }
  });

  const kindAndCode = ({ kind, data }: SentEvent): string =>
    kind === 'error' ? `error ${String(data['code'])}` : kind;

  type Kept = { id: string; state: string; content: string };
  const CODE = 'What is the emergency code of the depot?';
  const verdictOf = (events: readonly SentEvent[]): unknown =>
    events.find(({ kind }) => kind === 'checked')?.data['verdict'];
  const conversationOf = async (who: Planted): Promise<{ messages: Kept[] }> =>
    (await ask(who, 'GET', `/conversations/${who.conversationId}`)).json();
  const lastMessage = async (who: Planted): Promise<Kept | undefined> =>
    (await conversationOf(who)).messages.at(-1);
  const question = (who: Planted, path: string, content?: string): Promise<OpenStream> =>
    openStream({
      port: server.port,
      token: who.owner.token,
      path: `/api/tenants/${who.tenantId}/conversations/${who.conversationId}/messages${path}`,
      ...(content === undefined ? {} : { json: { content } }),
    });

  const schemaOf = (tenantId: string): string => `tenant_${tenantId.replaceAll('-', '')}`;

  const waitUntilIndexed = (tenantId = sealed.tenantId, { token } = sealed.owner): Promise<true> =>
    eventually(async () => {
      const answer = await server.ask('GET', `/api/tenants/${tenantId}/seal`, { token });
      return answer.json<{ index: string }>().index === 'whole' ? true : undefined;
    }, 300);

  /** An answer that would take a minute: the seal must end its stream. */
  async function startLongAnswer(): Promise<OpenStream> {
    model.answer(['The emergency code ', { wait: 60_000 }, 'never']);
    const stream = await openStream({
      port: server.port,
      token: sealed.owner.token,
      path: `/api/tenants/${sealed.tenantId}/conversations/${sealed.conversationId}/messages`,
      json: { content: 'What is the emergency code of the depot?' },
    });
    await stream.first('started');
    return stream;
  }

  /** The files of the sealed tenant's index, tables, their long values and indexes. */
  async function indexFiles(): Promise<string[]> {
    const { rows } = await appliance.superuser.query<{ file: string }>(
      `select pg_relation_filepath(class.oid) as file from pg_class class
       join pg_namespace space on space.oid = class.relnamespace
       where class.relpersistence = 'u' and (space.nspname = $1 or class.oid in (
         select part.reltoastrelid from pg_class part join pg_namespace room on room.oid = part.relnamespace
         where room.nspname = $1))`,
      [schemaOf(sealed.tenantId)],
    );
    return rows.map(({ file }) => file);
  }

  /** What a backup by the superuser holds: of one tenant's schema, or of everything. */
  async function dump(tenantId?: string): Promise<string> {
    const { dir, socketDir, port } = partsInfo();
    const [pid = ''] = readFileSync(join(dir, 'database/postgresql/postmaster.pid'), 'utf8').split(
      '\n',
    );
    const bin = dirname(readlinkSync(`/proc/${pid}/exe`));
    const args = ['-h', socketDir, '-p', String(port), '-U', 'postgres'];
    if (tenantId !== undefined) args.push('-n', schemaOf(tenantId));
    await toDisk();
    return execFileSync(join(bin, 'pg_dump'), [...args, appliance.config.CASEMATE_DATABASE_NAME], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
  }
});
