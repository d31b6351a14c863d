import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { isSoundMessage, lengthOfMessage } from './sound-message.ts';

/** What a directory may send in one conversation. */
export type Bounds = { messageBytes: number; messages: number; bytes: number };

/**
 * A connection that hands on one whole, sound message at a time, and ends at the first that is none or goes
 * beyond the bounds. The library reads several in a nest of calls that a lying directory could make too deep.
 */
export class FramedSocket extends Duplex {
  readonly connecting = false;
  readonly readyState = 'open';
  readonly #socket: Socket;
  readonly #bounds: Bounds;
  #waiting: Buffer = Buffer.alloc(0);
  #messages = 0;
  #bytes = 0;

  constructor(socket: Socket, bounds: Bounds) {
    super({ readableObjectMode: true });
    this.#socket = socket;
    this.#bounds = bounds;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    // Whoever reads may have gone before the fault comes.
    this.on('error', () => undefined);
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    while (!this.destroyed) {
      const length = lengthOfMessage(this.#waiting);
      const { messageBytes, messages, bytes } = this.#bounds;
      if ((length ?? 0) > messageBytes || this.#bytes > bytes || this.#messages > messages) {
        this.destroy(new Error('the directory sends more than is taken'));
        return;
      }
      if (length === null || this.#waiting.length < length) return;
      const message = this.#waiting.subarray(0, length);
      this.#waiting = this.#waiting.subarray(length);
      this.#messages += 1;
      if (isSoundMessage(message)) this.push(message);
      else this.destroy(new Error('the directory sends what is no message'));
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
