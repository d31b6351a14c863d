import tls from 'node:tls';

export type LoadTarget = { port: number; ca: Buffer; path: string };

/** One keep-alive connection that sends the same GET again and again. Fails on any other answer than 200. */
export type LoadClient = { once(): Promise<number>; close(): void };

/**
 * A client lean enough not to be what is measured: raw HTTP/1.1 over TLS, answers with a
 * Content-Length. `once` gives the milliseconds from sending to the last byte.
 */
export async function openLoadClient(target: LoadTarget, token: string): Promise<LoadClient> {
  const socket = tls.connect({
    host: '127.0.0.1',
    port: target.port,
    servername: 'localhost',
    ca: target.ca,
  });
  await new Promise<void>((done, fail) => {
    socket.once('secureConnect', done);
    socket.once('error', fail);
  });
  socket.setNoDelay(true);
  const request = Buffer.from(
    `GET ${target.path} HTTP/1.1\r\nHost: localhost:${target.port}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  return {
    once: () =>
      new Promise((done, fail) => {
        const sent = performance.now();
        let answer: Buffer = Buffer.alloc(0);
        let wanted = -1;
        const finish = (error?: Error): void => {
          socket.off('data', onData);
          socket.off('error', finish);
          if (error) fail(error);
          else done(performance.now() - sent);
        };
        const onData = (chunk: Buffer): void => {
          answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
          if (wanted < 0) wanted = answerLength(answer);
          if (wanted < 0 || answer.length < wanted) return;
          const head = answer.subarray(0, 15).toString('latin1');
          finish(head.startsWith('HTTP/1.1 200') ? undefined : new Error(answer.toString('utf8')));
        };
        socket.on('data', onData);
        socket.once('error', finish);
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

function answerLength(answer: Buffer): number {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return -1;
  const length = /content-length: (\d+)/i.exec(answer.subarray(0, end).toString('latin1'))?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  return end + 4 + Number(length);
}
