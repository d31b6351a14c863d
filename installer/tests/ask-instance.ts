import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Post } from '../src/egress/second-factor.ts';

export type Reply = { status: number; text: string; json: () => unknown };
export type Ask = (
  method: string,
  path: string,
  more?: { token?: string; json?: unknown; raw?: string },
) => Promise<Reply>;

/** Speaks to a running instance over TLS, trusting its own authority alone. */
export function askInstance(address: string, caFile: string): Ask {
  const { origin } = new URL(address);
  return (method, path, { token, json, raw } = {}) =>
    new Promise((done, fail) => {
      const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
      const headers = {
        origin,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(raw === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const call = request(
        `${origin}${path}`,
        // No connection is kept: a server that is started anew in between leaves none that is dead.
        { method, headers, ca: readFileSync(caFile), agent: false },
        (answer) => {
          text(answer).then(
            (said) =>
              done({
                status: answer.statusCode ?? 0,
                text: said,
                json: () => JSON.parse(said) as unknown,
              }),
            fail,
          );
        },
      );
      call.on('error', fail);
      call.end(body);
    });
}

/** The same for whoever only posts. */
export function postOf(ask: Ask): Post {
  return async <T>(path: string, json: object, token?: string) => {
    const reply = await ask('POST', path, { json, ...(token === undefined ? {} : { token }) });
    if (reply.status >= 300) throw new Error(`${path} answered ${reply.status}: ${reply.text}`);
    return (reply.text === '' ? null : reply.json()) as T;
  };
}
