import type { Attempt } from './ledger.ts';
import {
  CATALOGS,
  KINDS,
  type Catalog,
  type Coverage,
  type Kind,
  type KindCount,
  type Leak,
  type NotShown,
  type Report,
} from './report.ts';

export type Counted = {
  readonly attempts: Attempt[];
  readonly leaks: Leak[];
  readonly twins: Map<string, { kind: Kind; why: string | null }>;
  readonly demanded: ReadonlyMap<Catalog, Set<string>>;
  readonly covered: ReadonlyMap<Catalog, Set<string>>;
};

export type Of = {
  version: string;
  at: Date;
  seconds: number;
  /** Of each kind. */
  lasted: ReadonlyMap<Kind, number>;
  skipped: readonly Kind[];
};

/** Lists are cut for the eye; the counts are of all. */
const MOST_LISTED = 200;

/** Clean only when nothing leaked, every attempt was shown to mean something, and nothing was left out. */
export function sumUp(counted: Counted, { version, at, seconds, lasted, skipped }: Of): Report {
  const { attempts, leaks, twins } = counted;
  const empty = notShown(counted);
  const shown = [...twins.values()].filter(({ why }) => why === null);
  const ofKind = (list: readonly { kind: Kind }[], kind: Kind): number =>
    list.filter((one) => one.kind === kind).length;
  const by_kind = Object.fromEntries(
    KINDS.map((kind): [Kind, KindCount] => [
      kind,
      {
        attempts: ofKind(attempts, kind),
        twins: ofKind(shown, kind),
        leaks: ofKind(leaks, kind),
        not_shown: ofKind(empty, kind),
        seconds: lasted.get(kind) ?? 0,
      },
    ]),
  ) as Record<Kind, KindCount>;
  const coverage = Object.fromEntries(
    CATALOGS.map((name) => [name, coverageOf(counted, name)]),
  ) as Record<Catalog, Coverage>;
  const idle = KINDS.some((kind) => !skipped.includes(kind) && by_kind[kind].attempts === 0);
  const gaps = Object.values(coverage).some(({ missing }) => missing.length > 0);
  const sum = (of: 'bytes' | 'rows' | 'effects'): number =>
    leaks.reduce((total, leak) => total + leak[of], 0);
  return {
    ok: leaks.length === 0 && empty.length === 0 && !idle && !gaps,
    version,
    at: at.toISOString(),
    seconds,
    attempts: attempts.length,
    twins: shown.length,
    leaks: leaks.slice(0, MOST_LISTED),
    bytes: sum('bytes'),
    rows: sum('rows'),
    effects: sum('effects'),
    not_shown: empty.slice(0, MOST_LISTED),
    coverage,
    by_kind,
    skipped,
  };
}

function notShown({ attempts, twins }: Counted): NotShown[] {
  const asked = new Set(attempts.map(({ twin }) => twin));
  const unused = [...twins]
    .filter(([name, { why }]) => why !== null && !asked.has(name))
    .map(([name, { kind, why }]) => ({ kind, attempt: name, why: why ?? '' }));
  const unproven = attempts.flatMap(({ kind, name, twin }): NotShown[] => {
    const known = twins.get(twin);
    if (known?.why === null) return [];
    return [{ kind, attempt: name, why: `its twin ${twin}: ${known?.why ?? 'was not tried'}` }];
  });
  return [...unused, ...unproven];
}

function coverageOf({ demanded, covered }: Counted, catalog: Catalog): Coverage {
  const all = [...(demanded.get(catalog) ?? [])].sort();
  const missing = all.filter((name) => !covered.get(catalog)?.has(name));
  return { covered: all.length - missing.length, of: all.length, missing };
}
