import { CATALOGS, type Catalog, type Found, type Kind, type Leak, type Report } from './report.ts';
import { sumUp, type Counted, type Of } from './sum-up.ts';

export type Attempt = {
  readonly kind: Kind;
  readonly name: string;
  /** The twin that must succeed, else this attempt shows nothing. */
  readonly twin: string;
};

/** Counts attempts and twins; says at the end which attempts were never shown to mean anything. */
export type Ledger = {
  /** `found` is null when nothing came back that should not have. */
  attempt(attempt: Attempt, found: Found | null): void;
  /** `why` is null when the rightful owner got what the attempts wanted. */
  twin(kind: Kind, name: string, why: string | null): void;
  /** What a catalog holds; each must be covered by the end. */
  demand(catalog: Catalog, names: Iterable<string>): void;
  cover(catalog: Catalog, name: string): void;
  readonly attempts: number;
  readonly leaks: readonly Leak[];
  /** `skipped` kinds were left out on purpose. */
  report(of: Of): Report;
};

export function createLedger(): Ledger {
  const counted: Counted = {
    attempts: [],
    leaks: [],
    twins: new Map(),
    demanded: new Map(CATALOGS.map((name) => [name, new Set()])),
    covered: new Map(CATALOGS.map((name) => [name, new Set()])),
  };
  const { attempts, leaks, twins, demanded, covered } = counted;
  return {
    attempt: (attempt, found) => {
      attempts.push(attempt);
      if (!found) return;
      const { what, bytes = 0, rows = 0, effects = 0 } = found;
      leaks.push({ kind: attempt.kind, attempt: attempt.name, what, bytes, rows, effects });
    },
    twin: (kind, name, why) => {
      // Of a twin that ran several times the failure counts.
      const before = twins.get(name);
      twins.set(name, { kind, why: why ?? before?.why ?? null });
    },
    demand: (catalog, names) => {
      for (const name of names) demanded.get(catalog)?.add(name);
    },
    cover: (catalog, name) => void covered.get(catalog)?.add(name),
    get attempts() {
      return attempts.length;
    },
    leaks,
    report: (of) => sumUp(counted, of),
  };
}
