import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, fetch as send } from 'undici';
import { AppError, type Config } from '../../../platform/index.ts';
import { requireListedHost } from '../listed-host.ts';
import { placeOf } from '../places-of.ts';

const WAIT_MS = 8_000;
const MOST_BYTES = 512 * 1024;

type Sent = {
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
};

/** Asks a provider. A fault of the way there is `unavailable`. */
export type Outgoing = {
  fetch(url: string, options: Sent): Promise<Response>;
  close(): Promise<void>;
};

/**
 * The only way out of this room: HTTPS to the hosts that whoever runs the appliance has listed, with
 * verified certificates, no redirects, eight seconds and half a megabyte at most.
 */
export function createOutgoing(config: Config): Outgoing {
  const { CASEMATE_IDENTITY_CA_FILE: file } = config;
  const ca = file === undefined ? undefined : [...rootCertificates, readFileSync(file, 'utf8')];
  const agent = new Agent({
    connect: { timeout: WAIT_MS, ...(ca ? { ca } : {}) },
    headersTimeout: WAIT_MS,
    bodyTimeout: WAIT_MS,
    maxResponseSize: MOST_BYTES,
  });
  return {
    fetch: async (address, { method = 'GET', headers = {}, body }) => {
      const url = new URL(address);
      if (url.protocol !== 'https:')
        throw new AppError('unavailable', 'The directory names an address that is not https');
      requireListedHost(config, placeOf(url));
      const text = textOf(body);
      try {
        const answer = await send(url, {
          ...{ method, headers, dispatcher: agent, redirect: 'error' as const },
          ...(text === undefined ? {} : { body: text }),
          signal: AbortSignal.timeout(WAIT_MS),
        });
        const received = await answer.text();
        const type = answer.headers.get('content-type');
        const { status } = answer;
        return new Response(received, { status, headers: type ? { 'content-type': type } : {} });
      } catch (cause) {
        throw new AppError(
          'unavailable',
          `The directory at ${url.host} does not answer as it should`,
          {
            cause,
          },
        );
      }
    },
    close: () => agent.close(),
  };
}

function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return body instanceof URLSearchParams || typeof body === 'string' ? body.toString() : undefined;
}
