import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Config } from '../../platform/index.ts';

export type ServerAnswer = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
};

export type Question = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** A stream is cut as soon as its headers are there. */
  readonly headOnly?: true;
  /** The port without TLS. */
  readonly plain?: true;
};

const TIMEOUT_MS = 10_000;

/** Asks the running server as any client would, its certificate verified. Rejects without answer. */
export function askServer(config: Config, question: Question): Promise<ServerAnswer> {
  const anywhere = ['0.0.0.0', '::'].includes(config.CASEMATE_BIND_ADDRESS);
  const host = anywhere ? '127.0.0.1' : config.CASEMATE_BIND_ADDRESS;
  const body = question.json === undefined ? undefined : JSON.stringify(question.json);
  const options = {
    host,
    method: question.method ?? 'GET',
    path: question.path,
    agent: false,
    timeout: TIMEOUT_MS,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...question.headers,
    },
  } as const;
  const request = question.plain
    ? http.request({ ...options, port: config.CASEMATE_HTTP_PORT })
    : https.request({
        ...options,
        port: config.CASEMATE_HTTPS_PORT,
        servername: config.CASEMATE_HOST_NAME,
        ca: readFileSync(config.CASEMATE_TLS_CERT_FILE),
        // The chain that the server sends ends below its authority: trust exactly that chain.
        allowPartialTrustChain: true,
      });
  return receive(request, body, question.headOnly === true);
}

function receive(
  request: http.ClientRequest,
  body: string | undefined,
  headOnly: boolean,
): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      if (headOnly) {
        resolve({ status, headers, body: '' });
        request.destroy();
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}
