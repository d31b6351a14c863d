import { createServer as createClear, type Server, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { createSecureContext, createServer, TLSSocket } from 'node:tls';
import { partsInfo } from './parts-info.ts';

/** A value under its tag (X.690), of a definite length. */
export function ber(tag: number, ...parts: (Buffer | string)[]): Buffer {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const { length } = value;
  const head =
    length < 128 ? [length] : [0x84, ...[24, 16, 8, 0].map((by) => (length >> by) & 255)];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}

const OCTETS = 4;
export const text = (value: Buffer | string): Buffer => ber(OCTETS, value);
export const message = (id: number, ...answer: Buffer[]): Buffer =>
  ber(0x30, ber(2, Buffer.from([id])), ...answer);
const result = (tag: number, code: number, ...more: Buffer[]): Buffer =>
  ber(tag, ber(0x0a, Buffer.from([code])), text(''), text(''), ...more);
export const bound = (id: number, code = 0): Buffer => message(id, result(0x61, code));
export const done = (id: number, code = 0, ...more: Buffer[]): Buffer =>
  message(id, result(0x65, code, ...more));
export const extended = (id: number, code = 0): Buffer => message(id, result(0x78, code));
export const entry = (id: number, dn: Buffer | string, attributes: Attributes): Buffer =>
  message(
    id,
    ber(
      0x64,
      text(dn),
      ber(
        0x30,
        ...Object.entries(attributes).map(([name, values]) =>
          ber(0x30, text(name), ber(0x31, ...[values].flat().map((value) => text(value)))),
        ),
      ),
    ),
  );
export type Attributes = Record<string, Buffer | string | (Buffer | string)[]>;

/** What was asked: the number of the message, its kind, and all of it. */
export type Question = { id: number; tag: number; bytes: Buffer };
export const [BIND, SEARCH, EXTENDED] = [0x60, 0x63, 0x77];

/** A directory that says what a test wants; it hears nothing in clear but StartTLS. */
export type LyingDirectory = {
  readonly port: number;
  readonly clearPort: number;
  /** Everything that was sent to it, in clear and under TLS. */
  readonly heard: { clear: Buffer[]; asked: Question[] };
  /** Answers one question; nothing is said where it returns none. */
  answer: (question: Question, socket: Socket) => Buffer | Buffer[] | null;
  /** What is answered in clear, to StartTLS. */
  greet: (question: Question) => Buffer;
  stop(): Promise<void>;
};

export async function startLyingDirectory(
  certificate: { certFile: string; keyFile: string } = partsInfo(),
): Promise<LyingDirectory> {
  const tls = {
    cert: readFileSync(certificate.certFile),
    key: readFileSync(certificate.keyFile),
  };
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const speak = (socket: Socket): void => {
    keep(socket).on('data', (bytes: Buffer) => {
      for (const question of questionsIn(bytes)) {
        self.heard.asked.push(question);
        const answer = self.answer(question, socket);
        if (answer) socket.write(Buffer.concat([answer].flat()));
      }
    });
  };
  const secure = createServer(tls, speak);
  const clear = createClear((socket) => {
    keep(socket).once('data', (bytes: Buffer) => {
      self.heard.clear.push(bytes);
      const [question] = questionsIn(bytes);
      if (!question) return;
      socket.write(self.greet(question));
      const context = createSecureContext(tls);
      speak(new TLSSocket(socket, { isServer: true, secureContext: context }));
    });
  });
  const self: LyingDirectory = {
    port: await listen(secure),
    clearPort: await listen(clear),
    heard: { clear: [], asked: [] },
    answer: () => null,
    greet: ({ id }) => extended(id),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([secure, clear].map((one) => new Promise((end) => one.close(end))));
    },
  };
  return self;
}

function questionsIn(bytes: Buffer): Question[] {
  const questions: Question[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = bytes.readUInt8(at + 1);
    const count = first < 128 ? 0 : first - 128;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    const whole = bytes.subarray(start, start + length);
    questions.push({ id: whole.readUInt8(2), tag: whole.readUInt8(3), bytes: whole });
    at = start + length;
  }
  return questions;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, 'localhost', () => resolve((server.address() as { port: number }).port));
  });
}
