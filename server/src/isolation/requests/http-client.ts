import https from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subject } from '../subject.ts';
import { createAddresses } from './addresses.ts';

export type Sent = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly raw?: Buffer;
  /** How much of a stream is heard before it is cut. */
  readonly streamMs?: number;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** The server opened a stream of events. */
  readonly streams: boolean;
};

export type HttpClient = {
  /**
   * Sends as a person with `token`, or as a stranger without. An answer of a limiter shows nothing
   * about isolation: the request waits for its turn and is sent again.
   */
  send(request: Sent, token?: string): Promise<Answer>;
  close(): void;
};

const ANSWER_MS = 20_000;
const STREAM_MS = 800;
const MOST_WAITS = 20;

/** Speaks to the running server as a browser would, over TLS verified against its certificate. */
export function createHttpClient({ host, port, serverName, ca }: Subject['listener']): HttpClient {
  const addresses = createAddresses(host);
  const agents = new Map<string, https.Agent>();
  const agentOf = (from: string | undefined): https.Agent => {
    const known = agents.get(from ?? '');
    if (known) return known;
    const agent = new https.Agent({
      keepAlive: true,
      maxSockets: 8,
      ca,
      servername: serverName,
      // The chain that the server sends ends below its authority: trust exactly that chain.
      allowPartialTrustChain: true,
      ...(from === undefined ? {} : { localAddress: from }),
    });
    agents.set(from ?? '', agent);
    return agent;
  };
  const once = (request: Sent, token: string | undefined): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const json = request.json === undefined ? undefined : JSON.stringify(request.json);
      const sent = https.request(
        {
          agent: agentOf(addresses.next()),
          host,
          port,
          method: request.method.toUpperCase(),
          path: request.path,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
            ...(request.raw === undefined ? {} : { 'content-type': 'application/octet-stream' }),
            ...request.headers,
          },
        },
        (response) => {
          readAnswer(response, request.streamMs ?? STREAM_MS).then(resolve, reject);
        },
      );
      sent.setTimeout(ANSWER_MS, () =>
        sent.destroy(new Error(`no answer: ${request.method} ${request.path.slice(0, 200)}`)),
      );
      sent.on('error', reject);
      sent.end(request.raw ?? json);
    });
  return {
    send: async (request, token) => {
      for (let waits = 0; ; waits += 1) {
        const answer = await once(request, token);
        if (answer.status !== 429 && answer.status !== 503) return answer;
        if (waits >= MOST_WAITS) return answer;
        addresses.change();
        const seconds = Number(answer.headers['retry-after'] ?? 1);
        // A stranger's turn comes at another address; a person's with time.
        if (token !== undefined || !addresses.many || answer.status === 503)
          await sleep(Math.min(15, Math.max(1, seconds)) * 1000);
      }
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** The whole answer; of a stream what comes within a moment. */
function readAnswer(response: IncomingMessage, streamMs: number): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  const streams = String(headers['content-type']).startsWith('text/event-stream');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const finish = (): void => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: statusCode, headers, text, streams });
    };
    const timer = streams ? setTimeout(cut, streamMs) : undefined;
    function cut(): void {
      finish();
      response.destroy();
    }
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', finish);
    response.on('error', (error) => {
      if (streams) finish();
      else reject(error);
    });
  });
}
