import dgram from 'node:dgram';
import net from 'node:net';
import { hostname } from 'node:os';
import { Writable } from 'node:stream';

/** Facility local0 (16); severities as in RFC 5424, 6.2.1. */
const FACILITY = 16 * 8;
const SEVERITY: Readonly<Record<string, number>> = { error: 3, warn: 4, info: 6, debug: 7 };
const MOST_WAITING = 1_000;
const RETRY_MS = 5_000;

/**
 * Hands each line of the log on (RFC 5424; over TCP with octet counting, RFC 6587). A receiver that is
 * away costs nothing but its lines: a thousand wait for it, the oldest go first, and nothing else does.
 */
export function createSyslog(url: string): Writable {
  const { protocol, hostname: host, port } = new URL(url);
  const address = host.replace(/^\[|\]$/g, '');
  const send =
    protocol === 'udp:'
      ? overUdp(address, Number(port || 514))
      : overTcp(address, Number(port || 601));
  return new Writable({
    decodeStrings: false,
    write: (line: string | Buffer, _encoding, done) => {
      send(format(line.toString().trimEnd()));
      done();
    },
  });
}

/** The line is JSON of ours; its level decides the severity. */
function format(line: string): Buffer {
  const level = /"level":"(\w+)"/.exec(line)?.[1] ?? 'info';
  const priority = FACILITY + (SEVERITY[level] ?? 6);
  const head = `<${priority}>1 ${new Date().toISOString()} ${hostname()} casemate ${process.pid} - -`;
  return Buffer.from(`${head} ${line}`);
}

function overUdp(host: string, port: number): (message: Buffer) => void {
  const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('error', () => undefined);
  socket.unref();
  return (message) => socket.send(message, port, host, () => undefined);
}

function overTcp(host: string, port: number): (message: Buffer) => void {
  let waiting: Buffer[] = [];
  let socket: net.Socket | undefined;
  let connected = false;
  const connect = (): void => {
    const one = net.connect(port, host);
    socket = one;
    one.unref();
    one.on('connect', () => {
      connected = true;
      for (const message of waiting.splice(0)) one.write(message);
    });
    one.on('error', () => undefined);
    one.on('close', () => {
      connected = false;
      socket = undefined;
      if (waiting.length > 0) setTimeout(connect, RETRY_MS).unref();
    });
  };
  return (message) => {
    const framed = Buffer.concat([Buffer.from(`${message.length} `), message]);
    if (connected && socket && socket.writableLength < 1_000_000) {
      socket.write(framed);
      return;
    }
    waiting = [...waiting, framed].slice(-MOST_WAITING);
    if (!socket) connect();
  };
}
