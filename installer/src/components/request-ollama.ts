import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

export type OllamaRequest = {
  method: 'GET' | 'HEAD' | 'POST';
  path: string;
  /** A file's stream has its length said, since the server wants to know it beforehand. */
  body?: string | { stream: Readable; bytes: number };
};

export type OllamaAnswer = { ok: boolean; status: number; body: string };

/** One request to a model server at an http(s) URL, or at `unix:` and the path of its socket. */
export async function requestOllama(
  endpoint: string,
  { method, path, body }: OllamaRequest,
): Promise<OllamaAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body?.bytes;
  const options = {
    method,
    agent: false as const,
    headers: length === undefined ? {} : { 'content-length': length },
  };
  const request = endpoint.startsWith('unix:')
    ? http.request({ ...options, path, socketPath: endpoint.slice(5) }, resolve)
    : (endpoint.startsWith('https:') ? https : http).request(
        new URL(path, endpoint),
        options,
        resolve,
      );
  request.on('error', reject);
  if (typeof body === 'object') {
    body.stream.on('error', (error) => request.destroy(error));
    body.stream.pipe(request);
  } else request.end(body);
  const response = await promise;
  const { statusCode: status = 0 } = response;
  return { ok: status >= 200 && status < 300, status, body: await text(response) };
}
