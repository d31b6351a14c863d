import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBreakableParts, type BreakableParts } from './breakable-parts.ts';
import { openStream } from './open-stream.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance } from './test-appliance.ts';
import { startServer, type Answer, type TestServer } from './test-server.ts';

export type BreakableServer = {
  readonly parts: BreakableParts;
  readonly server: TestServer;
  readonly person: SignedIn;
  /** `/api/tenants/…/conversations` of the person's tenant. */
  readonly conversations: string;
  readonly conversationId: string;
  /** Keys stay in memory for so long. */
  readonly keySeconds: number;
  ask(method: string, path: string, json?: unknown): Promise<Answer>;
  list(): Promise<Answer>;
  signIn(email: string): Promise<Answer>;
  /** The kinds of the events of one answer to a question. */
  question(): Promise<string[]>;
  /** How often the breaker of a part has opened. */
  openedOf(part: string): Promise<number>;
  stopModel(): Promise<void>;
  startModel(): Promise<void>;
  stop(): Promise<void>;
};

const OPEN_SECONDS = 2;
const KEY_SECONDS = 2;

/** A server on parts of its own that can be taken away, with one tenant and one conversation in it. */
export async function startBreakableServer(): Promise<BreakableServer> {
  const parts = await startBreakableParts();
  let model: ScriptedModel = await startScriptedModel();
  const modelPort = Number(new URL(model.url).port);
  const appliance = await startAppliance({
    CASEMATE_OLLAMA_URL: model.url,
    CASEMATE_BREAKER_OPEN_SECONDS: OPEN_SECONDS,
    CASEMATE_DATA_KEY_SECONDS: KEY_SECONDS,
    CASEMATE_DATA_KEY_LONGEST_SECONDS: KEY_SECONDS,
    // The same person and address ask in loops.
    CASEMATE_ROUTE_PER_MINUTE: 100_000,
    CASEMATE_ACCOUNT_PER_MINUTE: 100_000,
    CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS: 10_000,
  });
  const server = await startServer(appliance.config);
  const tenantId = await appliance.makeTenant();
  const person = await signInPerson(appliance, { [tenantId]: 'admin' });
  const conversations = `/api/tenants/${tenantId}/conversations`;
  const ask = (method: string, path: string, json?: unknown): Promise<Answer> =>
    server.ask(method, path, { token: person.token, ...(json === undefined ? {} : { json }) });
  const made = await ask('POST', conversations, {});
  const conversationId = made.json<{ id: string }>().id;
  const renamed = await ask('PATCH', `${conversations}/${conversationId}`, {
    title: 'The archive',
  });
  if (renamed.status !== 200) throw new Error(renamed.text);
  return {
    parts,
    server,
    person,
    conversations,
    conversationId,
    keySeconds: KEY_SECONDS,
    ask,
    list: () => ask('GET', conversations),
    signIn: (email) =>
      server.ask('POST', '/api/session', { json: { email, password: 'Wrong-horse-77' } }),
    question: async () => {
      const stream = await openStream({
        port: server.port,
        token: person.token,
        path: `${conversations}/${conversationId}/messages`,
        json: { content: 'What does the archive hold about pumps?' },
      });
      return (await stream.ended).map(({ kind }) => kind);
    },
    openedOf: async (part) => {
      const file = join(appliance.config.CASEMATE_DATA_DIR, 'metrics-token');
      const { status, text } = await server.ask('GET', '/metrics', {
        token: readFileSync(file, 'utf8'),
      });
      if (status !== 200) throw new Error(text);
      const line = new RegExp(`^casemate_breaker_opened_total\\{part="${part}"\\} (\\d+)$`, 'm');
      return Number(line.exec(text)?.[1] ?? -1);
    },
    stopModel: () => model.stop(),
    startModel: async () => {
      model = await startScriptedModel(modelPort);
    },
    stop: async () => {
      await server.stop();
      // The database may be away: what cannot be dropped goes with its directory.
      await appliance.stop().catch(() => undefined);
      await model.stop();
      await parts.stop();
    },
  };
}
