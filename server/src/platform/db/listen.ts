import pg from 'pg';
import type { Log } from '../log.ts';

type Listening = {
  /** Settings of a connection; the password is asked for at each connect. */
  settings: pg.ClientConfig;
  /** Reads the password anew: the database answered 28P01, so it has rotated. */
  renewPassword: () => Promise<unknown>;
  channel: string;
  heard: (payload: string) => void;
  log: Log;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Calls `heard` for each notification until the returned function is called. A lost connection is
 * made anew by one timer with growing pauses; what was sent meanwhile is not heard, so listeners
 * poll as well. Rejects, and tries no more, when the first connection can't be made.
 */
export async function listen(options: Listening): Promise<() => Promise<void>> {
  const { settings, renewPassword, channel, heard, log } = options;
  if (!/^[a-z_]{1,40}$/.test(channel)) throw new Error('listen: bad channel name');
  let closed = false;
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;

  const tryLater = (): void => {
    if (closed) return;
    timer = setTimeout(() => {
      connect().catch((error: unknown) => {
        log.warn('notifications are not heard; trying again', { channel, error });
        tryLater();
      });
    }, pause);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  };
  const open = async (): Promise<void> => {
    const made = new pg.Client({ ...settings, keepAlive: true });
    let ended = false;
    // Its end says the same, and an error that nobody hears would end the process.
    made.on('error', () => undefined);
    made.once('end', () => {
      ended = true;
      if (client === made) tryLater();
    });
    made.on('notification', (message) => heard(message.payload ?? ''));
    try {
      await made.connect();
      // eslint-disable-next-line casemate/no-string-built-sql -- LISTEN takes no parameter; the name passed the pattern above
      await made.query(`LISTEN ${channel}`);
      if (ended || closed) throw new Error('the connection ended at once');
    } catch (error) {
      made.end().catch(() => undefined);
      throw error;
    }
    client = made;
    pause = FIRST_PAUSE_MS;
  };
  const connect = async (): Promise<void> => {
    try {
      await open();
    } catch (error) {
      if ((error as { code?: string }).code !== '28P01') throw error;
      await renewPassword();
      await open();
    }
  };
  await connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
