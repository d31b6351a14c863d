import type net from 'node:net';

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const ASK_MS = 10_000;

/**
 * How PostgreSQL's clients ask for TLS (PostgreSQL 18, 54.2.12): 8 bytes, answered by one. Whoever
 * begins in the clear is hung up on, and so is one who sends more before the answer (CVE-2021-23214).
 */
export function answerAsking(raw: net.Socket, begin: () => void): void {
  const deadline = setTimeout(() => raw.destroy(), ASK_MS);
  raw.on('close', () => clearTimeout(deadline));
  const read = (): void => {
    const asked = raw.read(8) as Buffer | null;
    if (asked === null) {
      if (!raw.destroyed) raw.once('readable', read);
      return;
    }
    const code = asked.readInt32BE(0) === 8 ? asked.readInt32BE(4) : 0;
    if (raw.readableLength > 0 || (code !== SSL_REQUEST && code !== GSS_REQUEST)) {
      raw.destroy();
    } else if (code === GSS_REQUEST) {
      raw.write('N');
      raw.once('readable', read);
    } else {
      clearTimeout(deadline);
      raw.write('S', begin);
    }
  };
  raw.once('readable', read);
}
