import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One step of an answer: a piece of text, a pause, or the end of the line in mid-answer. */
export type Step = string | { wait: number } | { die: true } | { hold: Promise<unknown> };

export type ScriptedModel = {
  readonly url: string;
  /** Bodies of the chat requests so far, in order. */
  readonly chats: { model: string; messages: { role: string; content: string }[] }[];
  /** Chat requests whose reader went away before the end. */
  readonly abandoned: number;
  /** Models whose prompts it holds, as Ollama lists those that are loaded. */
  readonly loaded: ReadonlySet<string>;
  /** What it was told to load or unload, in order: `unload NAME`, or `reload NAME` where it had to wait. */
  readonly unloads: readonly string[];
  /** From now on others keep its models busy: they don't go when they are asked to. */
  keepBusy(): void;
  /** What the next chats answer; the last one is repeated. */
  answer(...answers: Step[][]): void;
  /** The next chats are refused as Ollama refuses a model it does not hold. */
  lose(): void;
  stop(): Promise<void>;
};

/**
 * Speaks the parts of Ollama's API that the server uses, with answers of the test's choosing.
 * Embeddings are bags of hashed words, so that texts with common words are near.
 */
export async function startScriptedModel(port = 0, host = '127.0.0.1'): Promise<ScriptedModel> {
  let script: Step[][] = [['ok']];
  let missing = false;
  let abandoned = 0;
  let busy = false;
  const loaded = new Set<string>();
  const unloads: string[] = [];
  const chats: ScriptedModel['chats'] = [];
  const server = http.createServer((request, response) => {
    void readBody(request).then(async (body) => {
      if (request.url === '/api/tags') {
        sendJson(response, { models: [] });
        return;
      }
      if (request.url === '/api/ps') {
        sendJson(response, { models: [...loaded].map((name) => ({ name, model: name })) });
        return;
      }
      const name = String(body['model']);
      if (request.url === '/api/generate') {
        unloads.push(`unload ${name}`);
        if (!busy) loaded.delete(name);
        sendJson(response, { model: name, done: true, done_reason: 'unload' });
        return;
      }
      if (body['keep_alive'] === 0) {
        unloads.push(`reload ${name}`);
        loaded.delete(name);
      } else loaded.add(name);
      if (request.url === '/api/embed') {
        sendJson(response, embed(body));
        return;
      }
      if (missing) {
        response.statusCode = 404;
        sendJson(response, { error: `model "${String(body['model'])}" not found` });
        return;
      }
      chats.push(body as unknown as ScriptedModel['chats'][number]);
      const steps = script.length > 1 ? (script.shift() ?? []) : (script[0] ?? []);
      response.on('close', () => {
        if (!response.writableEnded) abandoned += 1;
      });
      await play(response, String(body['model']), steps);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    chats,
    loaded,
    unloads,
    keepBusy: () => (busy = true),
    get abandoned() {
      return abandoned;
    },
    answer: (...answers) => {
      script = answers;
      missing = false;
    },
    lose: () => (missing = true),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function play(
  response: http.ServerResponse,
  model: string,
  steps: readonly Step[],
): Promise<void> {
  response.setHeader('Content-Type', 'application/x-ndjson');
  response.flushHeaders();
  const write = (content: string, done: boolean): void =>
    void response.write(
      `${JSON.stringify({ model, message: { role: 'assistant', content }, done })}\n`,
    );
  for (const step of steps) {
    if (response.destroyed) return;
    if (typeof step === 'string') write(step, false);
    else if ('wait' in step) await new Promise((resolve) => setTimeout(resolve, step.wait));
    else if ('hold' in step) await step.hold;
    else return void response.destroy();
  }
  write('', true);
  response.end();
}

type Body = Record<string, unknown>;

async function readBody(request: http.IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Body);
}

function sendJson(response: http.ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

const DIMENSIONS = 384;

function embed(body: Body): object {
  const input = body['input'];
  const texts = Array.isArray(input) ? input.map(String) : [String(input)];
  return { model: body['model'], embeddings: texts.map(vectorOf) };
}

/** A unit vector of hashed words. */
export function vectorOf(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 7;
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
