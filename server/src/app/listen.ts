import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { bareHeaders, type Config, type Log } from '../platform/index.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { readCertificate, reloadCertificate } from './reload-certificate.ts';
import { safePath } from './require-https.ts';

export type Listeners = {
  /** Stops taking connections, waits for running requests, then ends what still hangs. */
  close(graceMs: number): Promise<void>;
  readonly httpsPort: number;
};

/** A request without a host is refused by the application, whose answers carry the headers. */
const strict = { requireHostHeader: false } as const;

/** HTTPS (TLS 1.2 or newer) with the dashboard and the API, and HTTP that only redirects to it. */
export async function listen(config: Config, log: Log, app: RequestListener): Promise<Listeners> {
  const server = https.createServer({ ...readCertificate(config), ...strict }, app);
  refuseUnreadable(server);
  // For an upload over a slow line; other bodies have their own, shorter time (boundRequest).
  server.requestTimeout = 30 * 60_000;
  server.maxConnections = config.CASEMATE_MAX_CONNECTIONS;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 65_000;
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await open(server, config.CASEMATE_HTTPS_PORT, config.CASEMATE_BIND_ADDRESS);
  const stopReloading = reloadCertificate(config, log, server);
  const redirect = await listenForRedirects(config);
  const address = server.address();
  return {
    httpsPort: typeof address === 'object' && address ? address.port : config.CASEMATE_HTTPS_PORT,
    close: async (graceMs) => {
      stopReloading();
      redirect?.close();
      redirect?.closeAllConnections();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(force);
    },
  };
}

async function listenForRedirects(config: Config): Promise<http.Server | undefined> {
  if (config.CASEMATE_HTTP_PORT === 0) return undefined;
  const port = config.CASEMATE_PUBLIC_PORT ?? config.CASEMATE_HTTPS_PORT;
  const authority = config.CASEMATE_HOST_NAME + (port === 443 ? '' : `:${port}`);
  // Always to the configured name: a Host header is the client's word, and not trusted.
  const server = http.createServer(strict, (request, response) => {
    response.writeHead(308, {
      ...bareHeaders,
      Location: `https://${authority}${safePath(request.url)}`,
      Connection: 'close',
    });
    response.end();
  });
  refuseUnreadable(server);
  server.headersTimeout = 10_000;
  await open(server, config.CASEMATE_HTTP_PORT, config.CASEMATE_BIND_ADDRESS);
  return server;
}

function open(server: http.Server | https.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const mend =
        error.code === 'EADDRINUSE'
          ? `port ${port} is in use: stop what holds it or choose another`
          : error.code === 'EACCES'
            ? `this account may not use port ${port}: choose one above 1023`
            : error.message;
      reject(new Error(`can't listen on ${host}: ${mend}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}
