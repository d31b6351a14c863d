import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import type { ReadyCheck } from './processes.ts';

/** One attempt; never throws. `livedMs` is how long the process has been running. */
export function isReady(check: ReadyCheck, livedMs: number): Promise<boolean> {
  if (check.kind === 'process') return Promise.resolve(livedMs >= check.livedMs);
  if (check.kind === 'postgresql') {
    return postgresqlAnswers(path.join(check.socketDir, `.s.PGSQL.${check.port}`));
  }
  return answersOk(check);
}

type HttpCheck = Extract<ReadyCheck, { kind: 'http' }>;

function answersOk(check: HttpCheck): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (response: http.IncomingMessage) => {
      response.resume();
      resolve(response.statusCode === 200);
    };
    const request =
      'socketPath' in check
        ? http.get({ socketPath: check.socketPath, path: check.path, timeout: 2000 }, done)
        : getUrl(check, done);
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

function getUrl(
  check: Extract<HttpCheck, { url: string }>,
  done: (response: http.IncomingMessage) => void,
) {
  // An agent of its own: the shared one follows the proxies of an environment, if Node is told to.
  const own = { timeout: 2000, agent: false as const };
  const options = { ...own, ...(check.host ? { headers: { host: check.host } } : {}) };
  if (check.url.startsWith('http:')) return http.get(check.url, options, done);
  // The check asks whether the server answers, over loopback; who it is, clients verify.
  return https.get(check.url, { ...options, rejectUnauthorized: !check.insecure }, done);
}

/**
 * What pg_isready does: opens a session that needs no account. PostgreSQL that starts or recovers
 * answers 57P03; one that serves asks for authentication or refuses the role.
 */
function postgresqlAnswers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    const end = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(2000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('connect', () => socket.write(startupMessage()));
    socket.on('data', (data) => end(!data.includes('57P03')));
  });
}

function startupMessage(): Buffer {
  const body = Buffer.from('user\0casemate_server\0database\0casemate\0\0', 'latin1');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}
