import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { Agent, buildConnector, fetch as fetchOver } from 'undici';

/** Files: the authority of the model server, and the certificate that it asks of its clients. */
export type ModelServerTls = {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
};

export type Transport = { host: string; send: typeof fetch; close: () => Promise<void> };

/**
 * Only the service accounts can open the socket; no port of the host leads to the model server.
 * Across hosts it is verified, and knows us by our certificate. With `at` it is the one of that IP
 * address, under the name of them all.
 */
export function openTransport(address: string, tls: ModelServerTls, at?: string): Transport {
  const socket = address.startsWith('unix:');
  const read = (file: string | undefined) => (file ? readFileSync(file) : undefined);
  const options = socket
    ? { socketPath: address.slice('unix:'.length) }
    : tls.ca
      ? { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key) }
      : {};
  const connector = buildConnector(options);
  const connect: typeof connector = (to, done) =>
    connector(at === undefined ? to : { ...to, hostname: at }, done);
  // A connection for each call: one that is kept holds the last prompt in its buffers on the other side.
  const dispatcher = new Agent({ connect, pipelining: 0 });
  const send = ((input: string, init?: object) =>
    fetchOver(input, { ...init, dispatcher })) as unknown as typeof fetch;
  return {
    host: socket ? 'http://localhost' : address,
    send,
    close: () => dispatcher.destroy(),
  };
}

/** One for each server behind the address: whoever balances would hand every call to the next one. */
export async function transportsOfPool(
  address: string,
  tls: ModelServerTls,
  addresses: () => Promise<readonly string[]>,
): Promise<Transport[]> {
  const found = new Set(await addresses());
  if (found.size === 0) throw new Error('the pool of model servers has no address');
  return [...found].map((at) => openTransport(address, tls, at));
}

export async function addressesOf(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}
