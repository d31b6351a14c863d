import { readFileSync } from 'node:fs';
import https from 'node:https';
import { partsInfo } from './parts-info.ts';

export type SentEvent = { id: number; kind: string; data: Record<string, unknown> };

export type OpenStream = {
  readonly status: number;
  readonly events: readonly SentEvent[];
  /** The first event of a kind, past or to come. Rejects when the stream ends without it. */
  first(kind: string): Promise<SentEvent>;
  /** All events, once the stream has ended. */
  ended: Promise<readonly SentEvent[]>;
  /** Cuts the line, as a client that goes away does. */
  cut(): void;
};

type Request = {
  port: number;
  token: string;
  method?: 'GET' | 'POST';
  path: string;
  json?: unknown;
};

/** Opens a stream of server-sent events on the test server. */
export function openStream({
  port,
  token,
  method = 'POST',
  path,
  json,
}: Request): Promise<OpenStream> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        ca: readFileSync(partsInfo().caFile),
        agent: false,
        port,
        method,
        path,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'text/event-stream',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      },
      (response) => {
        const events: SentEvent[] = [];
        const waiting = new Set<() => void>();
        let over = false;
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const blocks = (rest + chunk).split('\n\n');
          rest = blocks.pop() ?? '';
          events.push(...blocks.filter((block) => !block.startsWith(':')).map(parseEvent));
          for (const look of waiting) look();
        });
        const ended = new Promise<readonly SentEvent[]>((finish) => {
          response.on('close', () => {
            over = true;
            for (const look of waiting) look();
            finish(events);
          });
        });
        response.on('error', () => undefined);
        resolve({
          status: response.statusCode ?? 0,
          events,
          ended,
          cut: () => request.destroy(),
          first: (kind) =>
            new Promise((found, lacking) => {
              const look = (): void => {
                const event = events.find((one) => one.kind === kind);
                if (event) found(event);
                else if (over) lacking(new Error(`the stream ended without ${kind}`));
                else return;
                waiting.delete(look);
              };
              waiting.add(look);
              look();
            }),
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function parseEvent(block: string): SentEvent {
  const field = (name: string): string =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? '';
  return {
    id: Number(field('id')),
    kind: field('event'),
    data: JSON.parse(field('data') || '{}') as Record<string, unknown>,
  };
}
