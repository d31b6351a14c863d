/** A value that is read elsewhere, gone by for a while, and for no longer than it is known. */
export type Kept<T> = {
  /** Reads it when it is stale. While that fails, the last one, until it is lost; then it throws. */
  get(): Promise<T>;
  /** The last one, at once; nothing when there is none or it is lost. Reads beside when it is stale. */
  last(): T | undefined;
  /** Reads it now; fails as `get` does. */
  refresh(): Promise<T>;
};

type Options<T> = {
  read: () => Promise<T>;
  now: () => number;
  freshMs: number;
  /** After a reading that failed. */
  againMs: number;
  /** A value that was last read so long ago is no longer gone by. */
  lostMs: number;
};

export function createKept<T>(options: Options<T>): Kept<T> {
  const { read, now, freshMs, againMs, lostMs } = options;
  let held: { value: T; readAt: number } | undefined;
  let staleAt = -Infinity;
  let reading: Promise<T> | undefined;

  const known = (): { value: T } | undefined =>
    held && now() - held.readAt <= lostMs ? held : undefined;
  const load = async (): Promise<T> => {
    const readAt = now();
    try {
      const value = await read();
      held = { value, readAt };
      staleAt = readAt + freshMs;
      return value;
    } catch (error) {
      const last = known();
      if (!last) throw error;
      staleAt = now() + againMs;
      return last.value;
    }
  };
  const refresh = (): Promise<T> => {
    reading ??= load().finally(() => (reading = undefined));
    return reading;
  };
  return {
    get: async () => {
      const last = known();
      return last && now() < staleAt ? last.value : refresh();
    },
    last: () => {
      if (now() >= staleAt) refresh().catch(() => undefined);
      return known()?.value;
    },
    refresh,
  };
}
