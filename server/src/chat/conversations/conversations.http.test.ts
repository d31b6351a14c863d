import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChatDesk, type ChatDesk } from '../../../tests/chat-desk.ts';
import { openStream } from '../../../tests/open-stream.ts';
import type { SignedIn } from '../../../tests/sign-in-person.ts';

describe('conversations', () => {
  let desk: ChatDesk;
  let base: string;
  let conversationId: string;
  let messageId: string;

  beforeAll(async () => {
    desk = await startChatDesk();
    base = `/api/tenants/${desk.tenantId}/conversations`;
    desk.model.answer(['The pump P-204 must be inspected every 500 operating hours [1].']);
    conversationId = await desk.conversation();
    const stream = await desk.ask(conversationId, 'How often must the pump P-204 be inspected?');
    messageId = String((await stream.first('started')).data['messageId']);
    await stream.ended;
  });
  afterAll(() => desk.stop());

  const statusOf = async (
    person: SignedIn,
    [method, path, json]: [string, string, object?],
  ): Promise<number> =>
    (await desk.server.ask(method, path, { token: person.token, ...(json ? { json } : {}) }))
      .status;

  const every = (root: string): [string, string, object?][] => [
    ['GET', `${root}/${conversationId}`],
    ['PATCH', `${root}/${conversationId}`, { title: 'Mine now' }],
    ['DELETE', `${root}/${conversationId}`],
    ['POST', `${root}/${conversationId}/messages`, { content: 'What is the code?' }],
    ['POST', `${root}/${conversationId}/messages/${messageId}/regenerate`],
    ['POST', `${root}/${conversationId}/messages/${messageId}/stop`],
    ['GET', `${root}/${conversationId}/messages/${messageId}/events`],
  ];

  it("KB-02 ISO-09: a colleague's conversation in the same tenant is not found, by any route", async () => {
    for (const request of every(base)) expect(await statusOf(desk.colleague, request)).toBe(404);
    const read = await desk.server.ask('GET', `${base}/${conversationId}`, {
      token: desk.owner.token,
    });
    expect(read.status).toBe(200);
    expect(read.text).toContain('500 operating hours');
  });

  it("ISO-05 ISO-09: another tenant's conversation is not found, by its path or by one's own", async () => {
    for (const request of every(base)) expect(await statusOf(desk.stranger, request)).toBe(404);
    const own = `/api/tenants/${desk.strangersTenantId}/conversations`;
    for (const request of every(own)) expect(await statusOf(desk.stranger, request)).toBe(404);
    expect(await statusOf(desk.stranger, ['GET', own])).toBe(200);
  });

  it('ISO-09: a message under the path of another conversation is not found, and under its own is', async () => {
    const other = await desk.conversation();
    const nested = (at: string): [string, string][] => [
      ['GET', `${base}/${at}/messages/${messageId}/events`],
      ['POST', `${base}/${at}/messages/${messageId}/stop`],
      ['POST', `${base}/${at}/messages/${messageId}/regenerate`],
    ];
    for (const request of nested(other)) expect(await statusOf(desk.owner, request)).toBe(404);
    const [events, stop] = nested(conversationId);
    expect(await statusOf(desk.owner, events!)).toBe(200);
    expect(await statusOf(desk.owner, stop!)).toBe(204);
  });

  it('ISO-03: row security alone hides the rows from another person of the tenant', async () => {
    const count = async (person: SignedIn): Promise<number[]> => {
      const ctx = desk.appliance.contextOf(person, desk.tenantId);
      return ctx.inTenant(async (tx) => {
        const rows = await tx.query<{ n: number }>(
          `select count(*)::integer as n from conversations union all select count(*)::integer from messages
           union all select count(*)::integer from message_citations`,
        );
        return rows.map(({ n }) => n);
      });
    };
    expect(await count(desk.colleague)).toEqual([0, 0, 0]);
    expect((await count(desk.owner)).every((n) => n > 0)).toBe(true);
  });

  it('ISO-03: nobody can put a message into the conversation of another, or under a wrong tenant', async () => {
    const insert = (person: SignedIn, accountId: string, tenantId: string): Promise<number> =>
      desk.appliance
        .contextOf(person, desk.tenantId)
        .inTenant((tx) =>
          tx.execute(
            `insert into conversations (id, tenant_id, account_id) values (gen_random_uuid(), $1, $2)`,
            [tenantId, accountId],
          ),
        );
    await expect(insert(desk.colleague, desk.owner.accountId, desk.tenantId)).rejects.toThrow(
      /row-level/,
    );
    await expect(
      insert(desk.colleague, desk.colleague.accountId, desk.strangersTenantId),
    ).rejects.toThrow(/violates/);
    await expect(insert(desk.colleague, desk.colleague.accountId, desk.tenantId)).resolves.toBe(1);
  });

  it('INP-02: an empty, a long and a malformed question are refused with what to do', async () => {
    const ask = (json: object): ReturnType<typeof desk.server.ask> =>
      desk.server.ask('POST', `${base}/${conversationId}/messages`, {
        token: desk.owner.token,
        json,
      });
    const [empty, long, wrong] = await Promise.all([
      ask({ content: '  ' }),
      ask({ content: 'x'.repeat(4_001) }),
      ask({ content: 'a', as: 'system' }),
    ]);
    expect([empty.status, long.status, wrong.status]).toEqual([400, 400, 400]);
    expect(long.text).toContain('upload longer texts as a document');
  });

  it('ENC-01: titles, questions, answers and quotes lie encrypted in the database', async () => {
    const { rows } = await desk.appliance.superuser.query<{ text: string }>(
      `select string_agg(row_to_json(m)::text, '') || (select string_agg(row_to_json(c)::text, '') from "tenant_${desk.tenantId.replaceAll('-', '')}".conversations c)
         || (select string_agg(row_to_json(q)::text, '') from "tenant_${desk.tenantId.replaceAll('-', '')}".message_citations q) as text
       from "tenant_${desk.tenantId.replaceAll('-', '')}".messages m`,
    );
    expect(rows[0]?.text).toContain('cm1.');
    expect(rows[0]?.text).not.toMatch(/operating hours|inspected|pump/i);
  });

  it('renames, lists page by page, and deletes with all messages', async () => {
    const ids = [await desk.conversation(), await desk.conversation()];
    const renamed = await desk.server.ask('PATCH', `${base}/${ids[0]}`, {
      token: desk.owner.token,
      json: { title: ' Pumps ' },
    });
    expect(renamed.json<{ title: string }>().title).toBe('Pumps');
    const page = async (query: string) =>
      (await desk.server.ask('GET', `${base}?${query}`, { token: desk.owner.token })).json<{
        items: { id: string; title: string | null }[];
        next: string | null;
      }>();
    const first = await page('limit=1');
    const second = await page(`limit=1&after=${first.next}`);
    expect([first.items[0]?.id, second.items[0]?.id]).toEqual([ids[1], ids[0]]);
    expect(await statusOf(desk.owner, ['DELETE', `${base}/${ids[0]}`])).toBe(204);
    expect(await statusOf(desk.owner, ['GET', `${base}/${ids[0]}`])).toBe(404);
    expect((await page('limit=200')).next).toBeNull();
  });

  it('shows a source that was deleted afterwards as such, with its quote', async () => {
    const citations = async () =>
      (
        await desk.server.ask('GET', `${base}/${conversationId}`, { token: desk.owner.token })
      ).json<{
        messages: { citations: { deleted: boolean; quote: string }[] }[];
      }>().messages[1]?.citations;
    expect((await citations())?.[0]?.deleted).toBe(false);
    const gone = await desk.server.ask(
      'DELETE',
      `/api/tenants/${desk.tenantId}/documents/${desk.documentId}`,
      { token: desk.owner.token },
    );
    expect(gone.status).toBe(204);
    const [citation] = (await citations()) ?? [];
    expect(citation?.deleted).toBe(true);
    expect(citation?.quote).toContain('500 operating hours');
  });

  it('ISO-05: without a session no stream opens', async () => {
    const stream = await openStream({
      port: desk.server.port,
      token: 'nonsense',
      method: 'GET',
      path: `${base}/${conversationId}/messages/${messageId}/events`,
    });
    expect(stream.status).toBe(401);
  });
});
