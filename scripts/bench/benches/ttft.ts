import { spawn, type ChildProcess } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startScriptedModel, type ScriptedModel } from '../../../server/tests/scripted-model.ts';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { untilDocument, uploadDocument } from '../documents.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { conversationsPath } from '../make-accounts.ts';

const ROUNDS = 60;
const QUESTION = 'What is the access code of the north gate?';
const FACT = 'The access code of the north gate is NG-4417.';

/**
 * Time to first token over the API, less the same prompt sent to the model server directly, less
 * the retrieval (the search route, whose own request is given back by that of a trivial route).
 */
export const ttft: Bench = {
  name: 'ttft',
  title: 'time to first token added over calling the model server, retrieval excluded, median',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    let model: ScriptedModel | undefined;
    let bridge: ChildProcess | undefined;
    try {
      const text = `# Gates\n\n${FACT} It changes every spring.\n`;
      const id = await uploadDocument(appliance, 'gates.md', Buffer.from(text));
      await untilDocument(appliance, id, ['ready']);
      appliance.casemate('down', 'ollama');
      model = await startScriptedModel();
      const port = Number(new URL(model.url).port);
      bridge = await startBridge(appliance, port);
      model.answer([FACT]);
      const samples = { whole: [], direct: [], search: [], trivial: [] } as Record<
        string,
        number[]
      >;
      for (let round = 0; round < ROUNDS; round += 1) {
        samples['whole']?.push(await timeAnswer(appliance));
        const prompt = model.chats.at(-1);
        if (!prompt) throw new Error('the model was not asked');
        samples['direct']?.push(await timeDirect(port, prompt));
        samples['search']?.push(await timeGet(appliance, searchPath(appliance)));
        samples['trivial']?.push(await timeGet(appliance, '/api/me'));
      }
      const median = (name: string): number => percentile(samples[name]?.slice(10) ?? [], 0.5);
      const added = median('whole') - median('direct') - (median('search') - median('trivial'));
      return {
        figures: [
          {
            id: 'ttft',
            value: rounded(added, 1),
            unit: 'ms',
            target: 8,
            better: 'lower',
            reference: 50,
          },
          {
            id: 'ttft.retrieval',
            value: rounded(median('search') - median('trivial'), 1),
            unit: 'ms',
            target: 30,
            better: 'lower',
            reference: null,
          },
        ],
        deviations: [
          'a scripted model server answers at once, so that its own time is no noise; the bridge stands before it',
        ],
      };
    } finally {
      bridge?.kill('SIGTERM');
      await model?.stop();
      appliance.remove();
    }
  },
};

/** The bridge of the appliance, before the scripted model; direct calls go past it. */
async function startBridge({ dir }: BenchAppliance, port: number): Promise<ChildProcess> {
  const socket = join(dir, 'run/ollama/ollama.sock');
  rmSync(socket, { force: true });
  const program = join(dir, 'programs/model-bridge.ts');
  const words = ['--disable-warning=ExperimentalWarning', program, socket, String(port)];
  const bridge = spawn(process.execPath, [...words, '/bin/sleep', '3600'], { stdio: 'inherit' });
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 20));
  // This one is no service account; the server must be able to open its socket all the same.
  chmodSync(socket, 0o666);
  return bridge;
}

function searchPath({ tenantId }: BenchAppliance): string {
  return `/api/tenants/${tenantId}/search?limit=8&q=${encodeURIComponent(QUESTION)}`;
}

async function timeGet({ api, adminToken }: BenchAppliance, path: string): Promise<number> {
  const sent = performance.now();
  await api('GET', path, { token: adminToken });
  return performance.now() - sent;
}

async function timeAnswer(appliance: BenchAppliance): Promise<number> {
  const { api, adminToken } = appliance;
  const conversations = conversationsPath(appliance);
  const { id } = await api<{ id: string }>('POST', conversations, { token: adminToken, json: {} });
  return timeToFirst({
    send: (onResponse) =>
      https.request(
        {
          agent: appliance.agent,
          host: '127.0.0.1',
          servername: 'localhost',
          port: appliance.port,
          method: 'POST',
          path: `${conversations}/${id}/messages`,
          headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        },
        onResponse,
      ),
    body: { content: QUESTION },
    first: /event: delta/,
  });
}

const direct = new http.Agent({ keepAlive: true });

function timeDirect(port: number, prompt: object): Promise<number> {
  return timeToFirst({
    send: (onResponse) =>
      http.request(
        { agent: direct, host: '127.0.0.1', port, method: 'POST', path: '/api/chat' },
        onResponse,
      ),
    body: prompt,
    first: /"content":"[^"]/,
  });
}

type Timed = {
  send: (onResponse: (response: http.IncomingMessage) => void) => http.ClientRequest;
  body: object;
  /** What the first token looks like on the wire. */
  first: RegExp;
};

/** Milliseconds from sending to the first token; resolves when the answer has ended. */
function timeToFirst({ send, body, first }: Timed): Promise<number> {
  return new Promise((done, fail) => {
    const sent = performance.now();
    let text = '';
    let took: number | undefined;
    const request = send((response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (took === undefined && first.test(text)) took = performance.now() - sent;
      });
      response.on('end', () => {
        if (took === undefined) fail(new Error(`no token came: ${text.slice(0, 500)}`));
        else done(took);
      });
    });
    request.on('error', fail);
    request.end(JSON.stringify(body));
  });
}
