import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { answerAsking } from './answer-asking.ts';
import { onRenewal, tlsFiles } from './on-renewal.ts';

type Listen = {
  port: number;
  /** tls.crt, tls.key and ca.crt; renewed ones are taken into use without a restart. */
  tlsDir: string;
  /** `certified`: none without a certificate of the same authority. */
  clients: 'certified' | 'anyone';
  /** PostgreSQL's clients ask for TLS before they begin it. */
  asks?: 'postgresql';
  /** Takes over what came through. */
  hand: (socket: tls.TLSSocket) => void;
};

/**
 * Lets clients on other hosts reach a part that speaks no TLS itself: takes TLS 1.2 or newer and
 * nothing else, and hands on what was said in it.
 */
export function listenTls({ port, tlsDir, clients, asks, hand }: Listen): Promise<net.Server> {
  const certified = clients === 'certified';
  const secure = tls.createServer(
    { ...readFiles(tlsDir), requestCert: certified, rejectUnauthorized: certified },
    hand,
  );
  secure.on('tlsClientError', (_error, socket) => socket.destroy());
  onRenewal(tlsDir, () => renewFiles(secure, tlsDir));
  const server = net.createServer((raw) => {
    raw.on('error', () => raw.destroy());
    const begin = (): void => void secure.emit('connection', raw);
    if (asks === 'postgresql') answerAsking(raw, begin);
    else begin();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

export function join(one: net.Socket, other: net.Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    // Whoever goes away ends the other side too: an abandoned answer must not go on being written.
    from.on('close', () => to.destroy());
  }
}

function readFiles(tlsDir: string): tls.SecureContextOptions {
  const [cert, key, ca] = tlsFiles(tlsDir).map((file) => readFileSync(file));
  return { cert, key, ca, minVersion: 'TLSv1.2' };
}

function renewFiles(server: tls.Server, tlsDir: string): void {
  try {
    server.setSecureContext(readFiles(tlsDir));
  } catch (error) {
    process.stderr.write(`the new certificate can't be used: ${String(error)}\n`);
  }
}
