import https from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bareHeaders, type Platform } from '../platform/index.ts';
import { createProgramAuthenticator } from './metrics-token.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { readCertificate, reloadCertificate } from './reload-certificate.ts';

type Shown = Pick<Platform, 'config' | 'log' | 'metrics'>;
type Answer = readonly [status: number, text: string];

/**
 * For a program that serves nothing else: its metrics over TLS, for whoever holds the collector's token.
 * Nowhere unless a setting gives a port.
 */
export async function listenMetrics({
  config,
  log,
  metrics,
}: Shown): Promise<{ stop(): Promise<void> } | null> {
  if (config.CASEMATE_METRICS_PORT === 0) return null;
  const authenticate = createProgramAuthenticator(config);
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method !== 'GET' || request.url !== '/metrics')
      return [404, 'There is nothing here but /metrics\n'];
    const known = await authenticate(request).then(
      () => true,
      () => false,
    );
    return known
      ? [200, await metrics.registry.metrics()]
      : [401, 'Send the token of collectors as `Authorization: Bearer …`\n'];
  };
  const server = https.createServer(readCertificate(config), (request, response) => {
    request.resume();
    answer(request).then(
      (said) => say(response, said),
      (error: unknown) => {
        log.error('the metrics could not be shown', { error });
        say(response, [500, 'The metrics could not be read\n']);
      },
    );
  });
  refuseUnreadable(server);
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxConnections = 20;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.CASEMATE_METRICS_PORT, config.CASEMATE_BIND_ADDRESS, resolve);
  });
  const stopReloading = reloadCertificate(config, log, server);
  return {
    stop: async () => {
      stopReloading();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function say(response: ServerResponse, [status, text]: Answer): void {
  response
    .writeHead(status, { ...bareHeaders, 'Content-Type': 'text/plain; charset=utf-8' })
    .end(text);
}
