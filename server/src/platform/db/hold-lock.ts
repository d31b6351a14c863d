import pg from 'pg';

type Holding = {
  settings: pg.ClientConfig;
  /** Reads the password anew: the database answered 28P01, so it has rotated. */
  renewPassword: () => Promise<unknown>;
  key: number;
};

/**
 * Holds an advisory lock in a session of its own until the returned function is called or the process
 * ends: a process that is stopped or slow keeps it, one that is gone does not. Null when another has it.
 */
export async function holdLock(options: Holding): Promise<(() => Promise<void>) | null> {
  const { settings, renewPassword, key } = options;
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client({ ...settings, keepAlive: true });
    // Its end is the end of the lock; who holds it looks at the table before each step.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const client = await open().catch(async (error: unknown) => {
    if ((error as { code?: string }).code !== '28P01') throw error;
    await renewPassword();
    return open();
  });
  const { rows } = await client.query<{ held: boolean }>(
    'select pg_try_advisory_lock($1::bigint) as held',
    [key],
  );
  const release = (): Promise<void> => client.end().catch(() => undefined);
  if (rows[0]?.held === true) return release;
  await release();
  return null;
}
