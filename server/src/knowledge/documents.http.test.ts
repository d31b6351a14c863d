import { existsSync, readdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partsInfo } from '../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type Answer, type TestServer } from '../../tests/test-server.ts';
import { startScriptedEmbedder, type ScriptedEmbedder } from './testing/scripted-embedder.ts';
import { uploadPath } from './uploads/upload-path.ts';

type Shown = {
  id: string;
  name: string;
  state: string;
  chunks: number;
  progress: { done: number; total: number };
  error: { code: string; detail: string } | null;
  createdBy: { id: string; name: string } | null;
};
type Listed = { items: Shown[]; next: string | null; usage: { bytes: number; documents: number } };
type Hits = { hits: { chunkId: string; documentId: string; text: string }[] };
type Problem = { code: string; detail: string };

const QUOTA = 20_000;
const LARGEST = 10_000;

let appliance: TestAppliance;
let embedder: ScriptedEmbedder;
let server: TestServer;
let tenantId: string;
let admin: SignedIn;
let member: SignedIn;
let stranger: SignedIn;

beforeAll(async () => {
  embedder = await startScriptedEmbedder();
  appliance = await startAppliance({
    CASEMATE_OLLAMA_URL: embedder.url,
    CASEMATE_STORAGE_QUOTA_BYTES: QUOTA,
    CASEMATE_MAX_UPLOAD_BYTES: LARGEST,
    CASEMATE_ANONYMOUS_PER_MINUTE: 500,
  });
  server = await startServer(appliance.config);
  tenantId = await appliance.makeTenant();
  const otherId = await appliance.makeTenant();
  admin = await signInPerson(appliance, { [tenantId]: 'admin' });
  member = await signInPerson(appliance, { [tenantId]: 'member' });
  stranger = await signInPerson(appliance, { [otherId]: 'admin' });
}, 60_000);
afterAll(async () => {
  await server.stop();
  await appliance.stop();
  await embedder.stop();
});

const at = (rest: string): string => `/api/tenants/${tenantId}${rest}`;
const upload = (name: string, text: string | Buffer, who = admin): Promise<Answer> =>
  server.ask('POST', at(`/documents?name=${encodeURIComponent(name)}`), {
    token: who.token,
    raw: Buffer.from(text),
  });
const get = (rest: string, who = member): Promise<Answer> =>
  server.ask('GET', at(rest), { token: who.token });
const uploads = (): string[] => {
  const folder = path.dirname(uploadPath(appliance.config.CASEMATE_DATA_DIR, tenantId, tenantId));
  return existsSync(folder) ? readdirSync(folder) : [];
};

async function untilSettled(id: string): Promise<Shown> {
  for (;;) {
    const shown = (await get(`/documents/${id}`)).json<Shown>();
    if (shown.state === 'ready' || shown.state === 'failed') return shown;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('documents', () => {
  it.each([
    { name: 'picture.png', text: 'x', refusal: [415, 'unsupported_type'] },
    { name: 'letter.pdf', text: 'just text', refusal: [415, 'unsupported_type'] },
    { name: 'notes.txt', text: '', refusal: [422, 'unusable_document'] },
    { name: 'notes.txt', text: 'x'.repeat(LARGEST + 1), refusal: [413, 'too_large'] },
  ])('INP-04: refuses $name with $refusal, and keeps nothing', async ({ name, text, refusal }) => {
    const answer = await upload(name, text);
    expect([answer.status, answer.json<Problem>().code]).toEqual(refusal);
    expect(answer.json<Problem>().detail.length).toBeGreaterThan(20);
    expect(uploads()).toEqual([]);
  });

  it('INP-02: refuses a form around the file, and any other type than bytes', async () => {
    for (const type of ['multipart/form-data; boundary=x', 'application/json', 'text/plain']) {
      const answer = await server.ask('POST', at('/documents?name=form.md'), {
        token: admin.token,
        raw: Buffer.from('--x\r\n\r\ntext\r\n--x--'),
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(415);
    }
    expect(uploads()).toEqual([]);
  });

  it('keeps nothing of an upload that was broken off', async () => {
    const sent = https.request({
      ca: readFileSync(partsInfo().caFile),
      servername: 'localhost',
      port: server.port,
      host: '127.0.0.1',
      method: 'POST',
      path: at('/documents?name=half.txt'),
      headers: { authorization: `Bearer ${admin.token}`, 'content-length': '5000' },
    });
    sent.on('error', () => undefined);
    sent.write('the first half');
    while (uploads().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    sent.destroy();
    while (uploads().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await get('/documents')).json<Listed>().usage).toMatchObject({ bytes: 0 });
  });

  it('refuses a member who may only read, and who is not signed in', async () => {
    expect((await upload('notes.txt', 'some text', member)).status).toBe(403);
    expect((await server.ask('GET', at('/documents'))).status).toBe(401);
  });

  it('INP-04, INP-05, KB-01: takes a document in, cites it, and keeps no original', async () => {
    const answer = await upload(
      '../../etc/Lighthouse%00.md',
      '# Lights\n\nThe keeper is Mrs Holm.',
    );
    const document = answer.json<Shown>();
    expect([answer.status, document.name]).toEqual([202, 'Lighthouse.md']);
    expect(document.createdBy?.name).toBe('Test');
    expect(await untilSettled(document.id)).toMatchObject({
      state: 'ready',
      chunks: 1,
      progress: { done: 1, total: 1 },
      outline: [{ title: 'Lights', level: 1 }],
    });
    expect(uploads()).toEqual([]);
    const { hits } = (await get('/search?q=Who%20is%20the%20keeper%3F')).json<Hits>();
    expect(hits[0]?.documentId).toBe(document.id);
    const passage = await get(`/passages/${hits[0]?.chunkId ?? ''}`);
    expect(passage.json()).toMatchObject({ headings: ['Lights'], before: null, after: null });
  });

  it('ISO-05, ISO-09: shows nothing of it to another tenant’s administrator', async () => {
    const { items } = (await get('/documents')).json<Listed>();
    const id = items[0]!.id;
    const tries: [string, string][] = [
      ['GET', '/documents'],
      ['GET', `/documents/${id}`],
      ['DELETE', `/documents/${id}`],
      ['POST', `/documents/${id}/retry`],
      ['GET', '/search?q=keeper'],
    ];
    for (const [method, rest] of tries) {
      const answer = await server.ask(method, at(rest), {
        token: stranger.token,
        ...(method === 'POST' ? { json: {} } : {}),
      });
      expect([rest, answer.status]).toEqual([rest, 404]);
      expect(answer.text).not.toContain('Lighthouse');
    }
    expect((await get(`/documents/${id}`)).status).toBe(200);
  });

  it('refuses the same content twice by the name it has, and takes it again once deleted', async () => {
    const first = (await upload('one.txt', 'the very same')).json<Shown>();
    const second = await upload('two.txt', 'the very same');
    expect(second.status).toBe(409);
    expect(second.json<Problem>().detail).toContain('one.txt');
    await untilSettled(first.id);
    const gone = await server.ask('DELETE', at(`/documents/${first.id}`), { token: admin.token });
    expect(gone.status).toBe(204);
    expect((await get(`/documents/${first.id}`)).status).toBe(404);
    const again = (await upload('two.txt', 'the very same')).json<Shown>();
    expect((await untilSettled(again.id)).state).toBe('ready');
  });

  it('RAT-01: a deletion that waits for another gives its place back soon, and can be tried again', async () => {
    const { id } = (await upload('locked.txt', 'waits for a lock')).json<Shown>();
    await untilSettled(id);
    const remove = () => server.ask('DELETE', at(`/documents/${id}`), { token: admin.token });
    const other = await appliance.superuser.connect();
    try {
      await other.query(`select pg_advisory_lock(hashtextextended('knowledge:' || $1, 0))`, [
        tenantId,
      ]);
      const since = performance.now();
      const refused = await remove();
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '2']);
      expect(refused.json<Problem>().detail).toContain('Somebody is changing the same');
      expect(performance.now() - since).toBeLessThan(15_000);
    } finally {
      other.release(true);
    }
    expect((await remove()).status).toBe(204);
  }, 60_000);

  it('refuses what does not fit into the quota, also side by side', async () => {
    const sizes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(9_000));
    const answers = await Promise.all(sizes.map((text, n) => upload(`big-${n}.txt`, text)));
    const taken = answers.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(2);
    const refused = answers.find(({ status }) => status === 507);
    expect(refused?.json<Problem>().code).toBe('quota_exceeded');
    const { usage } = (await get('/documents')).json<Listed>();
    expect(usage.bytes).toBeLessThanOrEqual(QUOTA);
    for (const answer of taken) {
      const { id } = answer.json<Shown>();
      await server.ask('DELETE', at(`/documents/${id}`), { token: admin.token });
    }
    expect(uploads()).toEqual([]);
  });

  it('lists page after page, newest first, each once', async () => {
    const all = (await get('/documents')).json<Listed>().items.map(({ id }) => id);
    const first = (await get('/documents?limit=1')).json<Listed>();
    const second = (await get(`/documents?limit=50&after=${first.next ?? ''}`)).json<Listed>();
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all);
    expect(second.next).toBeNull();
  });

  it('refuses to try again what was kept of nothing', async () => {
    const { items } = (await get('/documents')).json<Listed>();
    const answer = await server.ask('POST', at(`/documents/${items[0]!.id}/retry`), {
      token: admin.token,
      json: {},
    });
    expect(answer.status).toBe(409);
  });
});
