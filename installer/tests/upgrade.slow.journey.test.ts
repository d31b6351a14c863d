import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askInstance, type Ask, type Reply } from './ask-instance.ts';
import { newInstallation, type Installation } from './installation.ts';

/** The last commit before seals, rotation and the test of isolation. */
const EARLIER = '9f31ad7';
const root = path.resolve(import.meta.dirname, '../..');
const person = {
  name: 'Ute Upgrade',
  email: 'ute@example.test',
  password: 'The vault under the hill 7',
};
const code = 'UP-7741-K';
const contents = `# Handbook\n\nThe code of the south gate is ${code}. The porter changes it every spring.\n`;

type Step = { id: string; changed: boolean };
type Installed = { address: string; setupLink: string; steps: Step[] };

/** The files of that commit, beside the packages of this checkout. Undefined where git has it not. */
function checkOut(): string | undefined {
  const dir = mkdtempSync('/tmp/cmu-');
  try {
    const options = { cwd: root, maxBuffer: 256 * 1024 ** 2 };
    const archive = execFileSync('git', ['archive', EARLIER], { ...options, stdio: 'pipe' });
    execFileSync('tar', ['-x', '-C', dir], { input: archive });
  } catch {
    rmSync(dir, { recursive: true, force: true });
    return undefined;
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
  for (const space of ['server', 'web', 'installer'])
    mkdirSync(path.join(dir, space), { recursive: true });
  return dir;
}

const earlier = checkOut();
const journey = earlier === undefined ? describe.skip : describe;

journey(`an upgrade from ${EARLIER}, in which there was no seal and no rotation`, () => {
  let instance: Installation;
  let ask: Ask;
  let token = '';
  let tenantId = '';
  let conversationId = '';
  let documentId = '';
  let before: unknown[] = [];

  beforeAll(async () => {
    instance = await newInstallation('upgrade');
    const made = await instance.installFrom(path.join(earlier ?? '', 'installer/src/main.ts'));
    expect({ code: made.code, said: made.said.slice(-2000) }).toMatchObject({ code: 0 });
    const { address, setupLink } = made.answer as Installed;
    ask = askInstance(address, path.join(instance.home, 'config/tls/ca.crt'));
    const link = new URL(setupLink).pathname.split('/').at(-1);
    const setUp = await ask('POST', '/api/setup', { json: { token: link, ...person } });
    ({ accessToken: token } = setUp.json() as { accessToken: string });
    await fill();
    before = await readAll();
  }, 900_000);
  afterAll(async () => {
    await instance.casemate(['uninstall', '--purge', '--yes']);
    for (const dir of [instance.dir, earlier ?? ''])
      if (dir !== '') rmSync(dir, { recursive: true, force: true });
  }, 120_000);

  const idOf = (reply: Reply): string => (reply.json() as { id: string }).id;
  const of = (more: string): string => `/api/tenants/${tenantId}${more}`;
  const until = async (check: () => Promise<boolean>): Promise<void> => {
    for (let left = 240; left > 0; left -= 1) {
      if (await check()) return;
      await pause(500);
    }
    throw new Error('it did not happen within two minutes');
  };

  async function fill(): Promise<void> {
    const json = { name: 'Before the upgrade', language: 'en' };
    tenantId = idOf(await ask('POST', '/api/tenants', { token, json }));
    const stateAt = async (where: string): Promise<string> =>
      ((await ask('GET', where, { token })).json() as { state: string }).state;
    await until(async () => (await stateAt(of(''))) === 'active');
    const upload = await ask('POST', of('/documents?name=handbook.md'), { token, raw: contents });
    documentId = idOf(upload);
    await until(async () => (await stateAt(of(`/documents/${documentId}`))) === 'ready');
    const made = await ask('POST', of('/conversations'), { token, json: {} });
    conversationId = idOf(made);
    const question = { content: 'What is the code of the south gate?' };
    const messages = of(`/conversations/${conversationId}/messages`);
    expect((await ask('POST', messages, { token, json: question })).status).toBe(200);
  }

  /** What its owner reads: texts, which no upgrade may change. */
  async function readAll(): Promise<unknown[]> {
    const paths = [`/documents/${documentId}`, `/conversations/${conversationId}`];
    const found: unknown[] = [];
    for (const more of paths) {
      const answer = await ask('GET', of(more), { token });
      expect([more, answer.status]).toEqual([more, 200]);
      expect(answer.text).toContain(more.startsWith('/conv') ? code : 'handbook.md');
      const { name, bytes, title, messages } = answer.json() as Record<string, unknown>;
      const said = (messages as { role: string; content: string }[] | undefined)?.map(
        ({ role, content }) => ({ role, content }),
      );
      found.push({ name, bytes, title, said });
    }
    return found;
  }

  it('upgrades by installing anew, and says which steps brought the key service up to date', async () => {
    const { code: ended, answer, said } = await instance.install();
    expect({ ended, said: said.slice(-3000) }).toMatchObject({ ended: 0 });
    const changed = (answer as Installed).steps.filter((step) => step.changed).map(({ id }) => id);
    expect(changed).toEqual(
      expect.arrayContaining(['ensure-key-service', 'hold-authority', 'migrate-database']),
    );
  }, 600_000);

  it('everything is there: sign-in, documents, passages, search and messages', async () => {
    const session = await ask('POST', '/api/session', {
      json: { email: person.email, password: person.password },
    });
    expect(session.status).toBe(200);
    ({ accessToken: token } = session.json() as { accessToken: string });
    expect(await readAll()).toEqual(before);
    const found = await ask('GET', of('/search?q=code+south+gate'), { token });
    expect(found.text).toContain(code);
  }, 60_000);

  it('its keys rotate, its secrets have an age, and doctor finds nothing broken', async () => {
    const rotated = await instance.casemate(['keys', 'rewrap', '--all', '--wait']);
    expect({ code: rotated.code, said: rotated.said }).toMatchObject({ code: 0 });
    expect(await readAll()).toEqual(before);
    const { answer } = await instance.casemate(['rotation', 'list']);
    const { secrets } = answer as { secrets: { name: string; state: string }[] };
    expect(secrets.filter(({ state }) => state !== 'current')).toEqual([]);
    const { checks } = (await instance.casemate(['doctor'])).answer as {
      checks: { id: string; status: string }[];
    };
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
    const again = await instance.install();
    expect((again.answer as Installed).steps.filter((step) => step.changed)).toEqual([]);
  }, 600_000);
});
