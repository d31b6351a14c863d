import { AppError, type KeyBackend } from '../../platform/index.ts';
import { loadKeyRing, type KeyOwner, type KeyRing } from './key-ring.ts';

/** Control ENC-04: for how long and how many fields unwrapped keys may stay in memory. */
export type KeyMemory = {
  /** From the call that unwraps; 0 is the strict mode, in which keys end with their request. */
  readonly seconds: number;
  readonly uses: number;
  /** From the call that unwraps, however often they were renewed; nothing: they are never renewed. */
  readonly longestSeconds?: number;
};

/** Keys of one unwrapping. `ring` throws once they were erased. */
export type HeldKeys = { readonly ring: () => KeyRing; readonly countUse: () => void };

export type KeyCache = {
  /** In strict mode the keys are this call's own and end with `signal`. */
  open(owner: KeyOwner, signal: AbortSignal): Promise<HeldKeys>;
  /** Forgets the keys of an owner at once, also those in use. */
  erase(ownerName: string): void;
  /** Whose shared keys are in memory. */
  owners(): string[];
  /**
   * Gives keys another `seconds` from their last use, but not from later than `asOf` (performance.now),
   * when their owner was seen to be open and in no rotation.
   */
  renew(ownerName: string, asOf: number): void;
  /** How many owners' keys are in memory now. */
  size(): number;
};

type Entry = {
  loaded: KeyRing | undefined;
  usesLeft: number;
  readonly begunAt: number;
  usedAt: number;
  endsAt: number;
};

/** A request that opens keys just before their end still has this long to use them. */
const LAST_MOMENT_MS = 2_000;
const STRICT_MS = 5_000;

/** Keeps each owner's unwrapped keys for the configured time and uses, then erases them (decision 29). */
export function createKeyCache(backend: KeyBackend, memory: KeyMemory): KeyCache {
  const held = new Map<string, { entry: Entry; loading: Promise<void> }>();
  const alive = new Map<string, Set<Entry>>();
  const ttl = memory.seconds * 1000;
  const lastMoment = Math.min(LAST_MOMENT_MS, ttl / 4);

  const erase = (name: string, entry: Entry): void => {
    entry.loaded?.keys.clear();
    entry.loaded = undefined;
    alive.get(name)?.delete(entry);
    if (alive.get(name)?.size === 0) alive.delete(name);
    if (held.get(name)?.entry === entry) held.delete(name);
  };
  const begin = (owner: KeyOwner): { entry: Entry; loading: Promise<void> } => {
    const entry = newEntry(memory);
    const entries = alive.get(owner.name) ?? new Set();
    alive.set(owner.name, entries.add(entry));
    const loading = loadKeyRing(backend, owner).then((ring) => {
      // It may have been erased while the key service answered: the tenant is gone or sealed.
      if (alive.get(owner.name)?.has(entry)) entry.loaded = ring;
      else ring.keys.clear();
    });
    loading.catch(() => erase(owner.name, entry));
    return { entry, loading };
  };
  const eraseAtEnd = (name: string, entry: Entry): void => {
    const left = entry.endsAt - performance.now();
    if (left <= 0) erase(name, entry);
    else setTimeout(() => eraseAtEnd(name, entry), Math.ceil(left)).unref();
  };
  const shared = (owner: KeyOwner): { entry: Entry; loading: Promise<void> } => {
    const known = held.get(owner.name);
    const now = performance.now();
    if (known && known.entry.usesLeft > 0 && known.entry.endsAt - lastMoment > now) {
      known.entry.usedAt = now;
      return known;
    }
    const fresh = begin(owner);
    held.set(owner.name, fresh);
    // Used up: whoever holds them goes on with the fresh ones.
    if (known && known.entry.usesLeft <= 0)
      void fresh.loading.catch(() => undefined).finally(() => erase(owner.name, known.entry));
    eraseAtEnd(owner.name, fresh.entry);
    return fresh;
  };
  const own = (owner: KeyOwner, signal: AbortSignal): ReturnType<typeof begin> => {
    const fresh = begin(owner);
    const end = (): void => erase(owner.name, fresh.entry);
    if (signal.aborted) setTimeout(end, STRICT_MS).unref();
    else signal.addEventListener('abort', end, { once: true });
    return fresh;
  };
  return {
    open: async (owner, signal) => {
      const { entry, loading } = ttl === 0 ? own(owner, signal) : shared(owner);
      await loading;
      return {
        ring: () => entry.loaded ?? held.get(owner.name)?.entry.loaded ?? refuse(),
        countUse: () => void (entry.usesLeft -= 1),
      };
    },
    erase: (name) => {
      for (const entry of alive.get(name) ?? []) erase(name, entry);
    },
    owners: () => [...held.keys()],
    renew: (name, asOf) => {
      const entry = held.get(name)?.entry;
      if (entry) entry.endsAt = Math.max(entry.endsAt, renewedEnd(entry, asOf, memory));
    },
    size: () => alive.size,
  };
}

function newEntry({ seconds, uses }: KeyMemory): Entry {
  const begunAt = performance.now();
  const endsAt = begunAt + seconds * 1000;
  return { loaded: undefined, usesLeft: uses, begunAt, usedAt: begunAt, endsAt };
}

function renewedEnd(
  { usedAt, begunAt }: Entry,
  asOf: number,
  { seconds, longestSeconds = 0 }: KeyMemory,
): number {
  return Math.min(Math.min(usedAt, asOf) + seconds * 1000, begunAt + longestSeconds * 1000);
}

function refuse(): never {
  throw new AppError('unavailable', 'The keys were erased from memory meanwhile; try again', {
    retryAfterSeconds: 1,
  });
}
