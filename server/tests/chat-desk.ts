import { openStream, type OpenStream } from './open-stream.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance, type TestAppliance } from './test-appliance.ts';
import { startServer, type TestServer } from './test-server.ts';

/** A server with a scripted model, a tenant with one document, and three people. */
export type ChatDesk = {
  readonly appliance: TestAppliance;
  readonly server: TestServer;
  readonly model: ScriptedModel;
  readonly tenantId: string;
  readonly documentId: string;
  /** Administrator of the tenant, and owner of the conversations. */
  readonly owner: SignedIn;
  /** Member of the same tenant. */
  readonly colleague: SignedIn;
  /** Member of another tenant only. */
  readonly stranger: SignedIn;
  readonly strangersTenantId: string;
  conversation(person?: SignedIn): Promise<string>;
  ask(conversationId: string, content: string, person?: SignedIn): Promise<OpenStream>;
  stop(): Promise<void>;
};

export const HANDBOOK = `The emergency access code of the Fjellheim depot is RK-7741-QX. It is changed on the first working day of every month by the shift supervisor. The old code stops working at midnight.

The pump P-204 must be inspected every 500 operating hours. Never run the pump dry, because the bearings overheat within minutes.`;

/** With the scripted model, or with the real one at `ollamaUrl`. */
export async function startChatDesk(ollamaUrl?: string): Promise<ChatDesk> {
  const model = await startScriptedModel();
  const appliance = await startAppliance({ CASEMATE_OLLAMA_URL: ollamaUrl ?? model.url });
  const server = await startServer(appliance.config);
  const [tenantId, strangersTenantId] = await Promise.all([
    appliance.makeTenant(),
    appliance.makeTenant(),
  ]);
  const owner = await signInPerson(appliance, { [tenantId]: 'admin' });
  const colleague = await signInPerson(appliance, { [tenantId]: 'member' });
  const stranger = await signInPerson(appliance, { [strangersTenantId]: 'admin' });
  const documentId = await upload(server, { tenantId, token: owner.token });
  const tenantOf = (person: SignedIn): string =>
    person === stranger ? strangersTenantId : tenantId;
  return {
    appliance,
    server,
    model,
    tenantId,
    documentId,
    owner,
    colleague,
    stranger,
    strangersTenantId,
    conversation: async (person = owner) => {
      const path = `/api/tenants/${tenantOf(person)}/conversations`;
      const answer = await server.ask('POST', path, { token: person.token, json: {} });
      if (answer.status !== 201)
        throw new Error(`no conversation: ${answer.status} ${answer.text}`);
      return answer.json<{ id: string }>().id;
    },
    ask: (conversationId, content, person = owner) =>
      openStream({
        port: server.port,
        token: person.token,
        path: `/api/tenants/${tenantOf(person)}/conversations/${conversationId}/messages`,
        json: { content },
      }),
    stop: async () => {
      await server.stop();
      await appliance.stop();
      await model.stop();
    },
  };
}

async function upload(
  server: TestServer,
  { tenantId, token }: { tenantId: string; token: string },
): Promise<string> {
  const documents = `/api/tenants/${tenantId}/documents`;
  const sent = await server.ask('POST', `${documents}?name=handbook.txt`, {
    token,
    raw: Buffer.from(HANDBOOK),
  });
  if (sent.status !== 202) throw new Error(`no upload: ${sent.status} ${sent.text}`);
  const { id } = sent.json<{ id: string }>();
  for (let tries = 0; tries < 300; tries += 1) {
    const found = (await server.ask('GET', `${documents}/${id}`, { token })).json<{
      state: string;
    }>();
    if (found.state === 'ready') return id;
    if (found.state === 'failed') throw new Error('the sample document failed');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the sample document was never ready');
}
