import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startChatDesk, type ChatDesk } from '../../../tests/chat-desk.ts';
import { openStream, type OpenStream, type SentEvent } from '../../../tests/open-stream.ts';
import { testConfig } from '../../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../../tests/test-server.ts';

type Message = {
  id: string;
  role: string;
  content: string;
  state: string;
  verdict: string | null;
  error: { code: string; detail: string } | null;
  citations: { n: number; quote: string; documentName: string }[];
  sentences: { start: number; end: number; supported: boolean }[] | null;
};

const QUESTION = 'How often must the pump P-204 be inspected?';
const GOOD = 'The pump P-204 must be inspected every 500 operating hours [1].';

describe('an answer', () => {
  let desk: ChatDesk;
  let base: string;

  beforeAll(async () => {
    desk = await startChatDesk();
    base = `/api/tenants/${desk.tenantId}/conversations`;
  });
  afterAll(() => desk.stop());

  const read = async (id: string): Promise<{ title: string | null; messages: Message[] }> =>
    (await desk.server.ask('GET', `${base}/${id}`, { token: desk.owner.token })).json();
  const textOf = (events: readonly SentEvent[]): string =>
    events
      .filter(({ kind }) => kind === 'delta')
      .map(({ data }) => String(data['text']))
      .join('');
  const resume = (path: string, after: number, port = desk.server.port): Promise<OpenStream> =>
    openStream({
      port,
      token: desk.owner.token,
      method: 'GET',
      path: `${path}/events?after=${after}`,
    });
  const pathOf = async (id: string, stream: OpenStream): Promise<string> =>
    `${base}/${id}/messages/${String((await stream.first('started')).data['messageId'])}`;
  const hold = (): { held: Promise<void>; release: () => void } => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { held: promise, release: resolve };
  };
  const until = async (check: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await check()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('it never came true');
  };

  it('KB-03: an unanswerable question gets "not in the documents" without asking the model', async () => {
    const asked = desk.model.chats.length;
    const id = await desk.conversation();
    const events = await (await desk.ask(id, 'Who won the football world cup in 1998?')).ended;
    expect(events.find(({ kind }) => kind === 'checked')?.data['verdict']).toBe('not_in_documents');
    expect(desk.model.chats).toHaveLength(asked);
    const answer = (await read(id)).messages[1];
    expect(answer).toMatchObject({ state: 'complete', verdict: 'not_in_documents', citations: [] });
    expect(answer?.content).toMatch(/^Not in the documents/);
  });

  it('KB-03: while documents are still being read, "not in the documents" says how many it leaves out', async () => {
    const ofDocument = `update "tenant_${desk.tenantId.replaceAll('-', '')}".documents set state = $2 where id = $1`;
    const mark = (state: string): Promise<unknown> =>
      desk.appliance.superuser.query(ofDocument, [desk.documentId, state]);
    const absent = async (): Promise<string> =>
      textOf(await (await desk.ask(await desk.conversation(), 'Who won the cup in 1998?')).ended);
    await mark('embedding');
    const during = await absent().finally(() => mark('ready'));
    expect(during).toMatch(/^Not in the documents: .* One document is still being read/);
    expect(await absent()).not.toMatch(/still being read/);
  });

  it('KB-03: an answer that the passages do not carry is replaced by what they say', async () => {
    desk.model.answer(['The pump ', 'must be inspected every 900 hours [1].']);
    const id = await desk.conversation();
    const events = await (await desk.ask(id, QUESTION)).ended;
    expect(textOf(events)).toContain('900');
    const replaced = events.find(({ kind }) => kind === 'replaced')?.data as unknown as Message;
    expect(replaced.verdict).toBe('quoted');
    expect(replaced.content).toMatch(
      /not supported by the documents[^]*> .*500 operating hours.* \[1\]/,
    );
    const answer = (await read(id)).messages[1];
    expect(answer?.content).toBe(replaced.content);
    expect(answer?.content).not.toContain('900');
  });

  it('KB-02: a carried answer streams in order, is cited, titled and kept', async () => {
    desk.model.answer(['The pump P-204 must ', 'be inspected every 500 ', 'operating hours [1].']);
    const id = await desk.conversation();
    const events = await (await desk.ask(id, QUESTION)).ended;
    expect(events.map(({ kind }) => kind)).toEqual([
      'started',
      'searched',
      'delta',
      'delta',
      'delta',
      'checked',
      'titled',
      'done',
    ]);
    expect(events.map(({ id: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { title, messages } = await read(id);
    expect(title).toBe('How often must the pump P-204 be inspected');
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    const [, answer] = messages;
    expect(answer).toMatchObject({ content: GOOD, state: 'complete', verdict: 'supported' });
    expect(answer?.citations[0]).toMatchObject({ n: 1, documentName: 'handbook.txt' });
    expect(events.at(-1)?.data['message']).toEqual(answer);
  });

  it('AIG-04: the model gets its instructions in the system message and the passages as data', async () => {
    const { messages } = desk.model.chats.at(-1)!;
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(messages[0]?.content).not.toContain('RK-7741-QX');
    expect(messages[1]?.content).toMatch(
      /<passage n="1" source="handbook">[^]*500 operating hours/,
    );
  });

  it('AGT-07: the audit log holds digests of prompt and response, and not their text', async () => {
    const { rows } = await desk.appliance.superuser.query<{ after: Record<string, string> }>(
      `select after from "tenant_${desk.tenantId.replaceAll('-', '')}".audit_events
       where action = 'message.answer' and after ->> 'verdict' = 'supported'`,
    );
    expect(rows[0]?.after['promptSha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(rows[0]?.after['responseSha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toMatch(/pump/);
  });

  it('a second question is refused while an answer is being written, and taken afterwards', async () => {
    const { held, release } = hold();
    desk.model.answer(['The pump ', { hold: held }, 'P-204.'], [GOOD]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    await stream.first('delta');
    expect((await desk.ask(id, QUESTION)).status).toBe(409);
    release();
    await stream.ended;
    const again = await desk.ask(id, QUESTION);
    expect(again.status).toBe(200);
    await again.first('done');
  });

  it('KB-02: a stream that the client lost goes on, and resumes after the last event seen', async () => {
    const { held, release } = hold();
    desk.model.answer([
      'The pump P-204 must ',
      { hold: held },
      'be inspected every 500 ',
      'operating hours [1].',
    ]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    const seen = await stream.first('delta');
    const path = await pathOf(id, stream);
    stream.cut();
    release();
    const rest = await resume(path, seen.id);
    const events = await rest.ended;
    expect(events.every(({ id: number }) => number > seen.id)).toBe(true);
    expect(events.at(-1)?.kind).toBe('done');
    expect((events.at(-1)?.data['message'] as Message).content).toBe(GOOD);
  });

  it('a stop reaches the model and keeps what came; its twin runs to the end', async () => {
    const { held, release } = hold();
    desk.model.answer(['The pump P-204 ', { hold: held }]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    await stream.first('delta');
    const gone = desk.model.abandoned;
    const stopped = await desk.server.ask('POST', `${await pathOf(id, stream)}/stop`, {
      token: desk.owner.token,
    });
    expect(stopped.status).toBe(204);
    await until(() => desk.model.abandoned === gone + 1);
    await stream.first('done');
    release();
    expect((await read(id)).messages[1]).toMatchObject({
      state: 'stopped',
      content: 'The pump P-204 ',
    });
  });

  it('regenerating keeps the earlier answer and its question', async () => {
    desk.model.answer([GOOD]);
    const id = await desk.conversation();
    const first = await desk.ask(id, QUESTION);
    await first.ended;
    const path = await pathOf(id, first);
    const again = await openStream({
      port: desk.server.port,
      token: desk.owner.token,
      path: `${path}/regenerate`,
    });
    await again.first('done');
    const { messages } = await read(id);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
    expect((messages[2] as unknown as { regenerates: string }).regenerates).toBe(messages[1]?.id);
  });

  it('a missing model fails clearly, and asking again works once it is there', async () => {
    desk.model.lose();
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    const { data } = await stream.first('error');
    expect(data).toMatchObject({ code: 'unavailable' });
    expect(String(data['detail'])).toContain('casemate doctor');
    expect((await read(id)).messages[1]).toMatchObject({
      state: 'failed',
      error: { code: 'unavailable' },
    });
    desk.model.answer([GOOD]);
    const again = await openStream({
      port: desk.server.port,
      token: desk.owner.token,
      path: `${await pathOf(id, stream)}/regenerate`,
    });
    await again.first('done');
  });

  it('a model that dies in mid-answer fails the message and keeps what came', async () => {
    desk.model.answer(['The pump ', { wait: 20 }, { die: true }]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    expect(String((await stream.first('error')).data['detail'])).toMatch(/try again/);
    expect((await read(id)).messages[1]).toMatchObject({ state: 'failed', content: 'The pump ' });
  });

  it('an answer whose process died is failed by its owner’s next look, with the text that was kept', async () => {
    const { held, release } = hold();
    desk.model.answer(['The pump P-204 must ', { hold: held }]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    await stream.first('delta');
    const schema = `"tenant_${desk.tenantId.replaceAll('-', '')}"`;
    const kept = async (): Promise<boolean> =>
      (
        await desk.appliance.superuser.query(
          `select from ${schema}.message_events event join ${schema}.messages message
        on message.id = event.message_id where message.conversation_id = $1`,
          [id],
        )
      ).rowCount! > 0;
    await until(kept);
    await desk.appliance.superuser.query(
      `update ${schema}.messages set lease_until = now() - interval '1 second' where conversation_id = $1 and state = 'streaming'`,
      [id],
    );
    const { messages } = await read(id);
    expect(messages[1]).toMatchObject({ state: 'failed', content: 'The pump P-204 must ' });
    expect(messages[1]?.error?.detail).toContain('interrupted');
    expect(await kept()).toBe(false);
    release();
    await stream.ended;
  });

  it('a deleted conversation ends its answer, in the model too', async () => {
    const { held, release } = hold();
    desk.model.answer(['The pump ', { hold: held }]);
    const id = await desk.conversation();
    const stream = await desk.ask(id, QUESTION);
    await stream.first('delta');
    await desk.server.ask('DELETE', `${base}/${id}`, { token: desk.owner.token });
    expect((await stream.first('error')).data['code']).toBe('gone');
    release();
  });

  describe('across two processes', () => {
    let second: TestServer;
    beforeAll(async () => {
      const { config } = desk.appliance;
      second = await startServer({
        ...testConfig(config.CASEMATE_DATABASE_NAME),
        CASEMATE_OLLAMA_URL: desk.model.url,
      });
    });

    it('KB-02: the other one follows the stream and stops the model', async () => {
      const { held, release } = hold();
      desk.model.answer(['The pump P-204 must ', { hold: held }]);
      const id = await desk.conversation();
      const stream = await desk.ask(id, QUESTION);
      await stream.first('delta');
      const path = await pathOf(id, stream);
      const following = await resume(path, 0, second.port);
      expect((await following.first('delta')).data['text']).toBe('The pump P-204 must ');
      const gone = desk.model.abandoned;
      expect((await second.ask('POST', `${path}/stop`, { token: desk.owner.token })).status).toBe(
        204,
      );
      await until(() => desk.model.abandoned === gone + 1);
      expect((await following.first('done')).data['message']).toMatchObject({ state: 'stopped' });
      release();
    });

    it('ISO-09: the other one gives a stream to nobody but its owner', async () => {
      const id = await desk.conversation();
      desk.model.answer([GOOD]);
      const stream = await desk.ask(id, QUESTION);
      await stream.ended;
      const path = `${await pathOf(id, stream)}/events`;
      const stolen = await openStream({
        port: second.port,
        token: desk.colleague.token,
        method: 'GET',
        path,
      });
      const own = await openStream({
        port: second.port,
        token: desk.owner.token,
        method: 'GET',
        path,
      });
      expect([stolen.status, own.status]).toEqual([404, 200]);
      await own.first('done');
    });

    it('a process that stops settles its answers first and tells their followers', async () => {
      const { held, release } = hold();
      desk.model.answer(['The pump P-204 must ', { hold: held }]);
      const id = await desk.conversation();
      const stream = await openStream({
        port: second.port,
        token: desk.owner.token,
        path: `${base}/${id}/messages`,
        json: { content: QUESTION },
      });
      await stream.first('delta');
      const stopping = second.stop();
      expect((await stream.first('error')).data['code']).toBe('unavailable');
      await stopping;
      release();
      expect((await read(id)).messages[1]).toMatchObject({
        state: 'failed',
        content: 'The pump P-204 must ',
      });
    });
  });
});
