import { execFile } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Sms } from './create-sms-gateway.ts';
import { SmsRefused } from './sms-refused.ts';

type Modem = { device: string; waitMs?: number };

const CTRL_Z = '\u001a';
const ESCAPE = '\u001b';
const LOOK_MS = 20;
/** `+CMS ERROR`s of 3GPP TS 27.005, 3.2.5 that say something of the number or of the contract. */
const LASTING = new Set([1, 8, 10, 28, 29, 30, 50, 69]);
/** Other signs would need another alphabet, and end a command or a message. */
const PLAIN = /^[\n\u0020-\u005a\u0061-\u007a]+$/;

/**
 * Sends by a modem on a serial line, in text mode (3GPP TS 27.005, 3.5). The line is made raw first, so
 * that neither side hears its own echo.
 */
export async function sendByModem(
  { to, text }: Sms,
  { device, waitMs = 30_000 }: Modem,
): Promise<void> {
  if (!/^\+\d{5,15}$/.test(to) || !PLAIN.test(text))
    throw new SmsRefused('a modem takes a number of digits and plain signs alone');
  await promisify(execFile)('stty', ['-F', device, '115200', 'raw', '-echo', 'clocal']);
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
  const line = await open(device, flags);
  try {
    const deadline = performance.now() + waitMs;
    const ask = (command: string, until: RegExp): Promise<string> =>
      converse(line, { command, until, deadline });
    // Whatever a broken-off message has left behind.
    await ask(`${ESCAPE}\rATE0\r`, /\r\nOK\r\n/);
    await ask('AT+CMGF=1\r', /\r\nOK\r\n/);
    await ask('AT+CSCS="GSM"\r', /\r\nOK\r\n/);
    await ask(`AT+CMGS="${to}"\r`, /> $/);
    await ask(`${text.replaceAll('\n', '\r')}${CTRL_Z}`, /\+CMGS: ?\d+\r\n(?:\r\n)?OK\r\n/);
  } finally {
    await line.close();
  }
}

type Asked = { command: string; until: RegExp; deadline: number };

async function converse(line: FileHandle, { command, until, deadline }: Asked): Promise<string> {
  await line.write(command);
  let heard = '';
  const piece = Buffer.alloc(512);
  for (;;) {
    heard += await hear(line, piece);
    if (until.test(heard)) return heard;
    const [, code] = /\+CM[SE] ERROR: ?(\d+)/.exec(heard) ?? [];
    if (code !== undefined && LASTING.has(Number(code)))
      throw new SmsRefused(`the modem refused it with error ${code}`);
    if (code !== undefined) throw new Error(`the modem answered with error ${code}`);
    if (/\r\nERROR\r\n/.test(heard)) throw new Error('the modem answered with an error');
    if (performance.now() > deadline) throw new Error('the modem did not answer in time');
    await sleep(LOOK_MS);
  }
}

/** What has come since; nothing while the line is silent. */
async function hear(line: FileHandle, piece: Buffer): Promise<string> {
  try {
    const { bytesRead } = await line.read(piece, 0, piece.length, null);
    return piece.toString('latin1', 0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}
