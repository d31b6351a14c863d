import { createServer } from 'node:net';

/** Opens a listener and closes it at once; gives the error code, or null when that worked. */
export function tryListening(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen({ host: address, port, exclusive: true }, () => {
      server.close(() => resolve(null));
    });
  });
}
