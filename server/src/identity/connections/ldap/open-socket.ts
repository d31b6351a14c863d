import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates, type TLSSocket } from 'node:tls';
import type { Config } from '../../../platform/index.ts';
import { requireListedHost } from '../listed-host.ts';
import type { LdapSettings } from './ldap-settings.ts';
import { EXTENDED, isSoundMessage, lengthOfMessage, readResult } from './sound-message.ts';

type Place = Pick<LdapSettings, 'host' | 'port' | 'security'>;

/** StartTLS (RFC 4511, 4.14) as the first message of a connection. */
const START_TLS = Buffer.from(
  '301d02010177188016312e332e362e312e342e312e313436362e3230303337',
  'hex',
);
const MOST_ANSWER = 1_024;

/**
 * A connection to a directory under TLS, whose certificate was checked: the only way there. With StartTLS the
 * one answer that comes in clear is read here, and anything behind it ends the connection, since it could pass
 * for an answer of the time after. Throws what went wrong.
 */
export async function openSocket(
  config: Config,
  { host, port, security }: Place,
  signal: AbortSignal,
): Promise<TLSSocket> {
  requireListedHost(config, { host, port });
  const { CASEMATE_IDENTITY_CA_FILE: file } = config;
  const trust = {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(file === undefined ? {} : { ca: [...rootCertificates, readFileSync(file, 'utf8')] }),
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
  };
  const clear = security === 'starttls' ? connect({ host, port }) : null;
  try {
    if (clear) await startTls(clear, signal);
    const socket = connectTls(clear ? { ...trust, socket: clear } : { ...trust, port });
    await settled(socket, 'secureConnect', signal);
    return socket;
  } catch (error) {
    clear?.destroy();
    throw error;
  }
}

async function startTls(socket: Socket, signal: AbortSignal): Promise<void> {
  await settled(socket, 'connect', signal);
  socket.write(START_TLS);
  const answer = await readMessage(socket, signal);
  const result = isSoundMessage(answer) ? readResult(answer) : null;
  if (result?.id !== 1 || result.tag !== EXTENDED || result.code !== 0)
    throw new Error('the directory does not offer StartTLS');
}

/** The one message that comes, and whatever came along with it. */
async function readMessage(socket: Socket, signal: AbortSignal): Promise<Buffer> {
  let read: Buffer = Buffer.alloc(0);
  while (read.length <= MOST_ANSWER && read.length < (lengthOfMessage(read) ?? MOST_ANSWER)) {
    await settled(socket, 'readable', signal);
    read = Buffer.concat([read, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
  }
  return read;
}

/** Waits for an event of a socket; its fault, its end and the signal end the wait and the socket. */
function settled(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (error: Error): void => {
      clear();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => stop(new Error('the directory does not answer in time'));
    const onClose = (): void => stop(new Error('the directory ended the connection'));
    const onEvent = (): void => {
      clear();
      resolve();
    };
    const clear = (): void => {
      socket.off('error', stop).off('close', onClose).off(event, onEvent);
      signal.removeEventListener('abort', onAbort);
      socket.on('error', () => undefined);
    };
    socket.once('error', stop).once('close', onClose).once(event, onEvent);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
