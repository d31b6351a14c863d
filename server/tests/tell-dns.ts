import { createSocket } from 'node:dgram';

/** A name server of a site: what it says under which name, as TXT (RFC 1035, 3.3.14), and nothing else. */
export async function startNameServer(): Promise<{
  address: string;
  texts: Map<string, string>;
  stop(): Promise<void>;
}> {
  const texts = new Map<string, string>();
  const socket = createSocket('udp4');
  socket.on('message', (asked, { port, address }) => {
    const end = asked.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += 1 + (asked[at] ?? 0))
      labels.push(asked.toString('latin1', at + 1, at + 1 + (asked[at] ?? 0)));
    const text = Buffer.from(texts.get(labels.join('.').toLowerCase()) ?? '');
    const header = Buffer.from(asked.subarray(0, 12));
    header.writeUInt16BE(text.length > 0 ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(text.length > 0 ? 1 : 0, 6);
    header.fill(0, 8);
    const question = asked.subarray(12, end + 5);
    const fixed = Buffer.from([
      0xc0,
      0x0c,
      0,
      16,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      text.length + 1,
      text.length,
    ]);
    const answer = text.length > 0 ? Buffer.concat([fixed, text]) : Buffer.alloc(0);
    socket.send(Buffer.concat([header, question, answer]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  return {
    address: `127.0.0.1:${port}`,
    texts,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
