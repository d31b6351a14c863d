import { closeSync, fchmodSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

export type LogLimits = { bytes: number; keep: number };
export const defaultLogLimits: LogLimits = { bytes: 10 * 1024 * 1024, keep: 5 };

/**
 * A log file that is moved to `.1` when it grew to `bytes`, keeping `keep` old ones. Writes are
 * synchronous: a line that was taken is in the file even if the supervisor is killed next. A full
 * disk loses lines, never the component.
 */
export class LogFile {
  readonly file: string;
  readonly limits: LogLimits;
  #descriptor: number | null = null;
  #bytes = 0;

  constructor(file: string, limits: LogLimits = defaultLogLimits) {
    this.file = file;
    this.limits = limits;
  }

  write(chunk: string | Buffer): void {
    try {
      if (this.#descriptor === null) this.#open();
      const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (this.#bytes > 0 && this.#bytes + buffer.length > this.limits.bytes) this.#rotate();
      this.#bytes += writeSync(this.#descriptor ?? -1, buffer);
    } catch {
      // Nowhere to say so but the log itself; the next write tries again.
      this.close();
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #open(): void {
    this.#descriptor = openSync(this.file, 'a', 0o600);
    fchmodSync(this.#descriptor, 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  #rotate(): void {
    this.close();
    rmSync(`${this.file}.${this.limits.keep}`, { force: true });
    for (let index = this.limits.keep - 1; index >= 1; index -= 1) {
      renameIfThere(`${this.file}.${index}`, `${this.file}.${index + 1}`);
    }
    renameIfThere(this.file, `${this.file}.1`);
    this.#open();
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
