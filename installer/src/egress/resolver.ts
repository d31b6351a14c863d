/**
 * The resolver of a watched network: `node resolver.ts LOG ADDRESS PORT [UPSTREAM]`. Writes down every
 * name that is asked for and the account that asks, one JSON object a line. Without UPSTREAM every
 * name leads to the sink, so that whoever asked goes on and is counted; with it (a live host) the
 * question is handed on. Stands alone: it runs inside another network namespace.
 */
import dgram from 'node:dgram';
import { appendFileSync, readFileSync } from 'node:fs';
import net from 'node:net';

const [log = '', address = '127.0.0.1', port = '53', upstream] = process.argv.slice(2);
const SINK = { 1: [203, 0, 113, 1], 28: [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] };

const udp = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
udp.on('message', (query, from) => {
  note(query, accountOf('udp', from.port));
  answer(query, (reply) => udp.send(reply, from.port, from.address));
});
udp.bind(Number(port), address, () => process.stdout.write('ready\n'));

net
  .createServer((socket) => {
    const uid = accountOf('tcp', socket.remotePort ?? 0);
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const query = held.subarray(2, 2 + held.readUInt16BE(0));
        held = held.subarray(2 + query.length);
        note(query, uid);
        answer(query, (reply) => {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([length, reply]));
        });
      }
    });
  })
  .listen(Number(port), address);

function note(query: Buffer, uid: number): void {
  const { name } = question(query);
  appendFileSync(log, `${JSON.stringify({ at: new Date().toISOString(), uid, name })}\n`);
}

/** The first question of a message (RFC 1035, 4.1.2): its name, its type, and where it ends. */
function question(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0 && length < 64; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = message.length >= at + 3 ? message.readUInt16BE(at + 1) : 0;
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

function answer(query: Buffer, send: (reply: Buffer) => void): void {
  if (upstream !== undefined) {
    relay(query, send);
    return;
  }
  const { type, end } = question(query);
  const head = Buffer.from(query.subarray(0, Math.min(end, query.length)));
  if (head.length < 12) return;
  const data = type === 1 || type === 28 ? Buffer.from(SINK[type]) : null;
  head.writeUInt16BE(0x8180, 2);
  [1, data ? 1 : 0, 0, 0].forEach((count, index) => head.writeUInt16BE(count, 4 + 2 * index));
  const record = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, data?.length ?? 0]);
  send(data ? Buffer.concat([head, record, data]) : head);
}

function relay(query: Buffer, send: (reply: Buffer) => void): void {
  const socket = dgram.createSocket(net.isIPv6(upstream ?? '') ? 'udp6' : 'udp4');
  const timer = setTimeout(() => socket.close(), 5000);
  socket.on('error', () => undefined);
  socket.on('message', (reply) => {
    clearTimeout(timer);
    socket.close();
    send(reply);
  });
  socket.send(query, 53, upstream);
}

/** Who holds the socket that asked: column `uid` of /proc/net, while it waits for the answer. */
function accountOf(protocol: 'udp' | 'tcp', from: number): number {
  const wanted = from.toString(16).toUpperCase().padStart(4, '0');
  for (const table of [protocol, `${protocol}6`]) {
    const lines = readFileSync(`/proc/self/net/${table}`, 'utf8').split('\n').slice(1);
    for (const line of lines) {
      const [, local = '', , , , , , uid] = line.trim().split(/\s+/);
      if (local.endsWith(`:${wanted}`) && uid !== undefined) return Number(uid);
    }
  }
  return -1;
}
