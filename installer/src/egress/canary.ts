/**
 * Tries to get out, on purpose: `node canary.ts UID GID ADDRESS PORT NAME [RESOLVER]`, as the account of a
 * service. It asks for a name, sends a datagram and opens a connection. That none of them works is
 * expected; that they were seen is what the canary is for. Ends with 3 where this host has no route there:
 * then nothing was sent that anybody could have seen.
 */
import dgram from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import net from 'node:net';

const [uid = '', gid = '', address = '', port = '', name = '', resolver] = process.argv.slice(2);

// Not before the start: the account may not be able to pass to this program.
process.setgroups?.([]);
process.setgid?.(Number(gid));
process.setuid?.(Number(uid));

let routed = true;
const connecting = new Promise<void>((done) => {
  const socket = net.connect(Number(port), address);
  const end = (): void => {
    socket.destroy();
    done();
  };
  socket.setTimeout(1500, end);
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    routed = code !== 'ENETUNREACH';
    end();
  });
  socket.on('connect', end);
});
const sending = new Promise<void>((done) => {
  const socket = dgram.createSocket('udp4');
  socket.on('error', () => undefined);
  socket.send('canary', Number(port), address, () => socket.close(() => done()));
});
const look = new Resolver({ timeout: 2000, tries: 2 });
if (resolver !== undefined) look.setServers([resolver]);
const asking = look.resolve4(name).catch(() => undefined);
await Promise.all([connecting, sending, asking]);
process.exit(routed ? 0 : 3);
