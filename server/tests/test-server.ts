import { readFileSync } from 'node:fs';
import https from 'node:https';
import { serve } from '../src/app/serve.ts';
import type { Config } from '../src/platform/index.ts';
import { partsInfo } from './parts-info.ts';

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as the caller says it is; a test that is wrong about it fails by itself. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names the shape
  json: <T>() => T;
};

export type Ask = {
  token?: string;
  json?: unknown;
  raw?: Buffer;
  headers?: Record<string, string>;
  /** The loopback address (127.0.0.0/8) that the request comes from. */
  from?: string;
};

export type TestServer = {
  readonly port: number;
  readonly origin: string;
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  stop(): Promise<void>;
};

/** The real server on a free port; `ask` verifies its certificate like any client. */
export async function startServer(config: Config): Promise<TestServer> {
  const running = await serve(config);
  const ca = readFileSync(partsInfo().caFile);
  const agent = new https.Agent({ keepAlive: true, ca });
  const port = running.httpsPort;
  return {
    port,
    origin: `https://localhost:${port}`,
    ask: askOf(agent, port),
    stop: async () => {
      agent.destroy();
      await running.stop();
    },
  };
}

/** Asks the server at a port of this host, whose certificate the agent knows. */
export function askOf(agent: https.Agent, port: number): TestServer['ask'] {
  return (method, path, options = {}) => ask({ agent, port, method, path, options });
}

type Sent = { agent: https.Agent; port: number; method: string; path: string; options: Ask };

function ask({ agent, port, method, path, options }: Sent): Promise<Answer> {
  const body =
    options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json));
  const headers: Record<string, string> = {
    ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
    ...(options.raw ? { 'content-type': 'application/octet-stream' } : {}),
    ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        agent,
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        method,
        path,
        headers,
        localAddress: options.from,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
            json: <T>() => JSON.parse(text) as T,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
