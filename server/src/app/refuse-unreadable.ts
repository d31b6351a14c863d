import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { bareHeaders } from '../platform/index.ts';

/** What Node calls these faults, and the status each one means (RFC 9110, RFC 6585). */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what never became a request (a malformed line, headers too large or too slow, an
 * expectation nobody meets) with the headers of HDR-01, where Node's own answers have none.
 */
export function refuseUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const fault = error.code ?? '';
    // Bytes of an answer may be on their way already: then another one would be read as part of it.
    const begun = (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage
      ?.headersSent;
    if (fault === 'ECONNRESET' || !socket.writable || begun === true) socket.destroy();
    else socket.end(answer(STATUS[fault] ?? 400));
  });
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { ...bareHeaders, Connection: 'close' });
    response.end();
  });
  server.on('connect', (_request, socket) => {
    socket.end(answer(405));
  });
}

function answer(status: number): string {
  const headers = { ...bareHeaders, 'Cache-Control': 'no-store', 'Content-Length': '0' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}Connection: close\r\n\r\n`;
}
