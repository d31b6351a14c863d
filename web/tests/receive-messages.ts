import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface Gateway {
  url: string;
  /** Takes the code of the first message to this number, once it is there. */
  codeTo: (number: string) => Promise<string>;
  close: () => void;
}

/** A gateway of SMS that keeps what it takes, as docs/sms.md describes one. */
export async function receiveMessages(): Promise<Gateway> {
  const messages: { to: string; text: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      messages.push(JSON.parse(body) as { to: string; text: string });
      response.writeHead(202).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const codeTo = async (number: string): Promise<string> => {
    for (let left = 200; left > 0; left -= 1) {
      const at = messages.findIndex(({ to }) => to === number);
      const [found] = at < 0 ? [] : messages.splice(at, 1);
      if (found) return /\b\d{6}\b/.exec(found.text)?.[0] ?? '';
      await pause(100);
    }
    throw new Error(`no message to ${number}`);
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/send`, codeTo, close: () => server.close() };
}
