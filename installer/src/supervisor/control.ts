import { chmodSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { messageOf } from '../fault.ts';
import type { ComponentStatus } from './component.ts';

export type ControlRequest =
  | { do: 'status' }
  | { do: 'start' | 'stop' | 'restart'; ids?: readonly string[] }
  | { do: 'shutdown' };

export type ControlReply =
  | { ok: true; pid: number; components: ComponentStatus[]; allReady: boolean }
  | { ok: false; error: string };

export type ControlHandler = (request: ControlRequest) => Promise<ControlReply>;

/**
 * The supervisor's own door: a Unix socket for its owner alone. One JSON request, answered with
 * one JSON reply when the work is done, per connection.
 */
export async function serveControl(
  socketPath: string,
  handle: ControlHandler,
): Promise<net.Server> {
  rmSync(socketPath, { force: true });
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    void answer(socket, handle);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  chmodSync(socketPath, 0o600);
  return server;
}

async function answer(socket: net.Socket, handle: ControlHandler): Promise<void> {
  const reply = await text(socket)
    .then((body) => handle(JSON.parse(body) as ControlRequest))
    .catch((error: unknown): ControlReply => ({ ok: false, error: messageOf(error) }));
  socket.end(JSON.stringify(reply));
}

/** Null when no supervisor runs. */
export async function askSupervisor(
  socketPath: string,
  request: ControlRequest,
): Promise<ControlReply | null> {
  const socket = net.connect({ path: socketPath, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    socket.end(JSON.stringify(request));
    const body = await text(socket);
    return body === '' ? null : (JSON.parse(body) as ControlReply);
  } catch (error) {
    if (gone.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Nobody listens, or it ended while it was being asked. */
const gone = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
