import { readFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startChatDesk, type ChatDesk } from '../../tests/chat-desk.ts';
import { openStream, type OpenStream } from '../../tests/open-stream.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { testConfig } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';

const QUESTION = 'How often must the pump P-204 be inspected?';
const WITHIN_MS = 5_000;

/** Requests that last: whose right ends while they are open. */
describe('a request that stays open', () => {
  let desk: ChatDesk;
  /** Another process, which follows answers through the database. */
  let other: TestServer;
  let release: () => void;

  beforeAll(async () => {
    desk = await startChatDesk();
    const { CASEMATE_DATABASE_NAME: database, CASEMATE_DATA_DIR } = desk.appliance.config;
    other = await startServer({
      ...testConfig(database, { CASEMATE_OLLAMA_URL: desk.model.url }),
      CASEMATE_DATA_DIR,
    });
  });
  beforeEach(() => {
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    desk.model.answer(['The pump P-204 ', { hold: promise }, 'must be inspected.']);
  });
  afterAll(async () => {
    await other.stop();
    await desk.stop();
  });

  const sql = (text: string, values: unknown[]): Promise<unknown> =>
    desk.appliance.superuser.query(text, values);
  const colleague = (): Promise<SignedIn> =>
    signInPerson(desk.appliance, { [desk.tenantId]: 'admin' });
  /** An answer that is being written, as its owner follows it here and in another process. */
  const streamsOf = async (person: SignedIn): Promise<OpenStream[]> => {
    const id = await desk.conversation(person);
    const asked = await desk.ask(id, QUESTION, person);
    const messageId = String((await asked.first('started')).data['messageId']);
    const path = `/api/tenants/${desk.tenantId}/conversations/${id}/messages/${messageId}/events`;
    const follow = (port: number): Promise<OpenStream> =>
      openStream({ port, token: person.token, method: 'GET', path });
    const streams = [asked, await follow(desk.server.port), await follow(other.port)];
    await Promise.all(streams.map((stream) => stream.first('started')));
    return streams;
  };
  const lastOf = async (stream: OpenStream): Promise<unknown> => {
    const events = await Promise.race([stream.ended, pause(WITHIN_MS).then(() => null)]);
    if (events === null) return 'it went on';
    const last = events.at(-1);
    return last?.kind === 'error' ? last.data['code'] : last?.kind;
  };

  const endings: readonly (readonly [string, string, (person: SignedIn) => Promise<unknown>])[] = [
    [
      'signs out',
      'unauthenticated',
      async ({ refreshToken }) => {
        const { status } = await desk.server.ask('DELETE', '/api/session', {
          headers: {
            cookie: `__Secure-casemate-refresh=${refreshToken}`,
            origin: desk.server.origin,
          },
        });
        expect(status).toBe(204);
      },
    ],
    [
      'is deactivated',
      'unauthenticated',
      ({ accountId }) =>
        sql(`update control.accounts set state = 'deactivated' where id = $1`, [accountId]),
    ],
    [
      'leaves the tenant',
      'not_found',
      ({ accountId }) => sql('delete from control.memberships where account_id = $1', [accountId]),
    ],
    [
      'has an expired session',
      'unauthenticated',
      ({ sessionId }) =>
        sql('update control.sessions set expires_at = now() where id = $1', [sessionId]),
    ],
  ];

  it.each(endings)(
    'ISO-05: the streams of whoever %s end with a plain event, and those of others stay open',
    async (_how, code, end) => {
      const [leaver, stayer] = [await colleague(), await colleague()];
      const [left, stayed] = [await streamsOf(leaver), await streamsOf(stayer)];
      // A role that still allows it changes nothing.
      const role = 'member';
      const membership = { accountId: stayer.accountId, tenantId: desk.tenantId, role } as const;
      await sql(`update control.memberships set role = $2, seal = $3 where account_id = $1`, [
        stayer.accountId,
        role,
        desk.appliance.parts.identity.rights.sealMembership(membership),
      ]);
      await end(leaver);
      expect(await Promise.all(left.map(lastOf))).toEqual([code, code, code]);
      expect(stayed.some(({ events }) => events.some(({ kind }) => kind === 'error'))).toBe(false);
      release();
      expect(await Promise.all(stayed.map(lastOf))).toEqual(['done', 'done', 'done']);
    },
  );

  it('ISO-05: the streams of a suspended tenant end in every process; when it is resumed, others open', async () => {
    const person = await colleague();
    const streams = await streamsOf(person);
    const put = (state: string): Promise<unknown> =>
      sql('update control.tenants set state = $2 where id = $1', [desk.tenantId, state]);
    await put('suspended');
    const last = await Promise.all(streams.map(lastOf)).finally(() => put('active'));
    expect(new Set(last)).toEqual(new Set(['suspended']));
    // The processes hear of it within a second.
    await pause(1_500);
    const again = await streamsOf(person);
    release();
    expect(await Promise.all(again.map(lastOf))).toEqual(['done', 'done', 'done']);
  });

  /** Sends the first half of a document, does something, and sends the rest. */
  const upload = (person: SignedIn, between: () => Promise<unknown>): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = https.request(
        {
          host: '127.0.0.1',
          servername: 'localhost',
          ca: readFileSync(partsInfo().caFile),
          agent: false,
          port: desk.server.port,
          method: 'POST',
          path: `/api/tenants/${desk.tenantId}/documents?name=${person.accountId}.txt`,
          headers: {
            authorization: `Bearer ${person.token}`,
            'content-type': 'application/octet-stream',
          },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The server may hang up on who still sends.
        if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(0);
        else reject(error);
      });
      request.write(`The first half of ${person.accountId}. `);
      // When the server has taken up the first half.
      void pause(1_000)
        .then(between)
        .then(async () => {
          await pause(5_000);
          request.end(`The second half of ${person.accountId}.`);
        });
    });
  const documentsOf = async ({ accountId }: SignedIn): Promise<number> => {
    const schema = `tenant_${desk.tenantId.replaceAll('-', '')}`;
    const { rowCount } = await desk.appliance.superuser.query(
      `select from "${schema}".documents where created_by = $1`,
      [accountId],
    );
    return rowCount ?? 0;
  };

  it('ISO-05: a document whose sender signs out on the way is not taken in; another’s is', async () => {
    const [leaver, stayer] = [await colleague(), await colleague()];
    const end = (): Promise<unknown> =>
      sql('update control.sessions set ended_at = now() where id = $1', [leaver.sessionId]);
    const statuses = await Promise.all([upload(leaver, end), upload(stayer, () => pause(10))]);
    expect(statuses[1]).toBe(202);
    expect([0, 401]).toContain(statuses[0]);
    expect([await documentsOf(leaver), await documentsOf(stayer)]).toEqual([0, 1]);
  });
});
