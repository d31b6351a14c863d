import type { Response } from 'express';

const HEARTBEAT_MS = 15_000;

export type EventStream = {
  send(event: { id?: number; kind: string; data: unknown }): void;
  end(): void;
};

/**
 * Opens a stream of server-sent events (WHATWG HTML, chapter 9.2) on a response, with a comment
 * every 15 s so that proxies keep it open.
 */
export function openEventStream(response: Response): EventStream {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store, no-transform');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT_MS);
  response.on('close', () => clearInterval(heartbeat));
  return {
    send: ({ id, kind, data }) => {
      if (response.writableEnded || response.destroyed) return;
      const head = id === undefined ? '' : `id: ${id}\n`;
      response.write(`${head}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => {
      clearInterval(heartbeat);
      if (!response.writableEnded) response.end();
    },
  };
}
