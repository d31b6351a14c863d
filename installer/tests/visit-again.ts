/**
 * Comes back to an instance as somebody who was there before: signs in, asks in the same tenant what the
 * document says, and counts what was said earlier. `node visit-again.ts`, with a Visit on standard input.
 */
import { text } from 'node:stream/consumers';
import { enrolIfDue, signInWithCode, type Credentials } from '../src/egress/second-factor.ts';
import { askInstance } from './ask-instance.ts';

export type Visit = {
  address: string;
  caFile: string;
  person: Credentials;
  tenant: string;
  secret: string;
};
export type Visited = {
  answered: boolean;
  cited: boolean;
  conversations: number;
  /** The key of an authenticator app that had to be set up: a version before asked for none. */
  enrolled: string | null;
};

const { address, caFile, person, tenant, secret } = JSON.parse(await text(process.stdin)) as Visit;
const ask = askInstance(address, caFile);
const session = await signInWithCode(send, person);
const { accessToken: token } = session;
const enrolled = (await enrolIfDue(send, session)) ?? null;
const place = `/api/tenants/${tenant}/conversations`;
const { items } = (await ask('GET', place, { token })).json() as { items: unknown[] };
const { id } = await send<{ id: string }>(place, {}, token);
const question = { content: 'What is the access code of the north gate?' };
const said = await ask('POST', `${place}/${id}/messages`, { token, json: question });
const visited: Visited = {
  answered: said.text.includes(secret),
  cited: said.text.includes('north-gate.md'),
  conversations: items.length,
  enrolled,
};
process.stdout.write(`${JSON.stringify(visited)}\n`);
process.exit(0);

async function send<T>(path: string, json: object, by?: string): Promise<T> {
  const answer = await ask('POST', path, { json, ...(by === undefined ? {} : { token: by }) });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  return answer.json() as T;
}
