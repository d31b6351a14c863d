import https from 'node:https';
import type { Config } from '../platform/index.ts';

export type StreamEvent = { kind: string; data: unknown };

export type ApiClient = {
  send<T>(method: string, path: string, body?: Body): Promise<T>;
  text(path: string): Promise<string>;
  /** All events of a stream, once it has ended. */
  stream(path: string, json: unknown): Promise<StreamEvent[]>;
};

type Body = { json?: unknown; raw?: Buffer };
type Options = { config: Config; ca: Buffer; accessToken: string };

/** Speaks to the server as a browser would, over TLS that is verified against its own certificate. */
export function createApiClient({ config, ca, accessToken }: Options): ApiClient {
  const place = placeOf(config);
  const request = (method: string, path: string, body: Body = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const json = body.json === undefined ? undefined : JSON.stringify(body.json);
      const type = body.raw ? 'application/octet-stream' : 'application/json';
      const sent = https.request({
        ...place,
        servername: config.CASEMATE_HOST_NAME,
        ca,
        // The chain that the server sends ends below its authority: trust exactly that chain.
        allowPartialTrustChain: true,
        method,
        path,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(json !== undefined || body.raw ? { 'content-type': type } : {}),
        },
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(new Error(`${method} ${path} answered ${status}: ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body.raw ?? json);
    });
  return {
    send: async <T>(method: string, path: string, body?: Body) =>
      JSON.parse((await request(method, path, body)) || 'null') as T,
    text: (path) => request('GET', path),
    stream: async (path, json) => parseEvents(await request('POST', path, { json })),
  };
}

/** This host's own server, unless a setting names where it is (a service of a cluster). */
function placeOf(config: Config): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(config.CASEMATE_SELF_CHECK_ADDRESS ?? '') ?? [];
  if (host && port) return { host, port: Number(port) };
  const anywhere = ['0.0.0.0', '::'].includes(config.CASEMATE_BIND_ADDRESS);
  return {
    host: anywhere ? '127.0.0.1' : config.CASEMATE_BIND_ADDRESS,
    port: config.CASEMATE_HTTPS_PORT,
  };
}

function parseEvents(text: string): StreamEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const kind = /^event: (.+)$/m.exec(block)?.[1];
    const data = /^data: (.+)$/m.exec(block)?.[1];
    return kind && data ? [{ kind, data: JSON.parse(data) as unknown }] : [];
  });
}
