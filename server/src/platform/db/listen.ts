import pg from 'pg';
import type { Log } from '../log.ts';

type Listening = {
  /** Settings of a connection; the password is asked for at each connect. */
  settings: pg.ClientConfig;
  channel: string;
  heard: (payload: string) => void;
  log: Log;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Calls `heard` for each notification until the returned function is called. A lost connection is
 * made anew by one timer with growing pauses; what was sent meanwhile is not heard, so listeners
 * poll as well.
 */
export async function listen(options: Listening): Promise<() => Promise<void>> {
  const { settings, channel, heard, log } = options;
  if (!/^[a-z_]{1,40}$/.test(channel)) throw new Error('listen: bad channel name');
  let closed = false;
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;

  const lose = (): void => {
    const lost = client;
    client = undefined;
    lost?.removeAllListeners();
    // What still comes from the old connection must not end the process.
    lost?.on('error', () => undefined);
    lost?.end().catch(() => undefined);
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      connect().catch((error: unknown) => {
        log.warn('notifications are not heard; trying again', { channel, error });
        lose();
      });
    }, pause);
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  };
  const connect = async (): Promise<void> => {
    const made = new pg.Client(settings);
    client = made;
    made.on('notification', (message) => heard(message.payload ?? ''));
    made.on('error', lose);
    made.on('end', lose);
    await made.connect();
    // eslint-disable-next-line casemate/no-string-built-sql -- LISTEN takes no parameter; the name passed the pattern above
    await made.query(`LISTEN ${channel}`);
    pause = FIRST_PAUSE_MS;
  };
  await connect();
  return async () => {
    closed = true;
    clearTimeout(timer);
    client?.removeAllListeners();
    await client?.end();
  };
}
