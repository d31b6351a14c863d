/**
 * A working day in short, over the real HTTPS API: sign up by the link, set up a second factor, sign in, make a tenant, upload
 * a document, ask a question about it. Reads `{"address","setupLink","caFile"}` from standard input.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrolIfDue, signInWithCode, type Post } from './second-factor.ts';

type Instance = { address: string; setupLink: string; caFile: string };
type Sent = { token?: string; json?: unknown; raw?: string };

const { address, setupLink, caFile } = JSON.parse(await text(process.stdin)) as Instance;
const { origin } = new URL(address);
const agent = new https.Agent({ keepAlive: true, ca: readFileSync(caFile) });

const secret = `N-${randomBytes(4).toString('hex').toUpperCase()}`;
const person = {
  email: 'egress@example.invalid',
  password: `The ${randomBytes(8).toString('hex')} under the hill`,
};
const link = new URL(setupLink).pathname.split('/').at(-1);
const post: Post = (place, json, by) =>
  send('POST', place, { json, ...(by === undefined ? {} : { token: by }) });
const first = await post<{ accessToken: string }>('/api/setup', {
  ...{ token: link, name: 'Egress' },
  ...person,
});
const app = await enrolIfDue(post, first);
const credentials = { ...person, secrets: app === undefined ? [] : [app] };
const { accessToken: token } = await signInWithCode(post, credentials);
for (const path of ['/', '/api/me', '/api/platform/trust']) await fetchText('GET', path, { token });
const { id } = await send<{ id: string }>('POST', '/api/tenants', {
  token,
  json: { name: `Egress ${secret}`, language: 'en', joinAs: 'admin' },
});
const tenant = `/api/tenants/${id}`;
await until('the tenant is built', async () => {
  return (await send<{ state: string }>('GET', tenant, { token })).state === 'active';
});
const document = `# North gate\n\n## Access\n\nThe access code of the north gate is ${secret}. The porter changes it every spring.\n`;
const made = await send<{ id: string }>('POST', `${tenant}/documents?name=north-gate.md`, {
  token,
  raw: document,
});
await until('the document is read', async () => {
  const { state } = await send<{ state: string }>('GET', `${tenant}/documents/${made.id}`, {
    token,
  });
  return state === 'ready';
});
const conversation = await send<{ id: string }>('POST', `${tenant}/conversations`, {
  token,
  json: {},
});
const said = await fetchText('POST', `${tenant}/conversations/${conversation.id}/messages`, {
  token,
  json: { content: 'What is the access code of the north gate?' },
});
if (!said.includes(secret)) throw new Error('the answer does not hold what the document says');
process.stdout.write(
  `${JSON.stringify({ answered: true, person: credentials, tenant: id, secret })}\n`,
);
process.exit(0);

async function send<T>(method: string, path: string, sent: Sent): Promise<T> {
  return JSON.parse((await fetchText(method, path, sent)) || 'null') as T;
}

function fetchText(method: string, path: string, { token, json, raw }: Sent): Promise<string> {
  return new Promise((done, fail) => {
    const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
    const headers = {
      origin,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(raw === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    };
    const call = https.request(`${origin}${path}`, { method, headers, agent }, (answer) => {
      text(answer).then((found) => {
        if ((answer.statusCode ?? 500) < 300) done(found);
        else fail(new Error(`${method} ${path} answered ${answer.statusCode}: ${found}`));
      }, fail);
    });
    call.on('error', fail);
    call.end(body);
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error(`not within three minutes: ${what}`);
}
