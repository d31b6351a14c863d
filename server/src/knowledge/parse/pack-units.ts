import type { Unit } from './split-units.ts';

/** Units of one chunk; the first `repeated` of them stand in the chunk before as well. */
export interface Pack {
  units: Unit[];
  repeated: number;
}

export interface PackOptions {
  maxTokens: number;
  minTokens: number;
  overlapTokens: number;
}

/** Packs the units of one section into chunks of at most `maxTokens`. */
export function packUnits(units: readonly Unit[], options: PackOptions): Pack[] {
  return evenTail(fill(units, options), options.minTokens).map((own, i, all) => {
    const before = i > 0 ? overlapOf(all[i - 1] ?? [], own, options) : [];
    return { units: [...before, ...own], repeated: before.length };
  });
}

function fill(units: readonly Unit[], { maxTokens }: PackOptions): Unit[][] {
  const packs: Unit[][] = [];
  let tokens = Infinity;
  for (const unit of units) {
    tokens += unit.tokens;
    if (tokens > maxTokens) {
      packs.push([]);
      tokens = unit.tokens;
    }
    packs.at(-1)?.push(unit);
  }
  return packs;
}

/** A tiny rest says too little by itself: it shares what the last two chunks hold. */
function evenTail(packs: Unit[][], minTokens: number): Unit[][] {
  const [last = [], previous = []] = [packs.at(-1), packs.at(-2)];
  if (packs.length < 2 || sizeOf(last) >= minTokens) return packs;
  const both = [...previous, ...last];
  const half = sizeOf(both) / 2;
  let [cut, tokens] = [0, 0];
  while (cut < previous.length && tokens + (both[cut]?.tokens ?? 0) / 2 < half) {
    tokens += both[cut]?.tokens ?? 0;
    cut++;
  }
  // Moving a long sentence may not make the last one too large: it never exceeds the one before.
  return [...packs.slice(0, -2), both.slice(0, Math.max(1, cut)), both.slice(Math.max(1, cut))];
}

/** The last sentences before a chunk, as far as both limits allow. */
function overlapOf(previous: readonly Unit[], own: readonly Unit[], options: PackOptions): Unit[] {
  const room = Math.min(options.overlapTokens, options.maxTokens - sizeOf(own));
  const repeated: Unit[] = [];
  let tokens = 0;
  for (const unit of previous.toReversed()) {
    tokens += unit.tokens;
    if (!unit.isProse || unit.separator === '' || tokens > room) break;
    repeated.unshift(unit);
  }
  return own[0]?.isProse && own[0].separator !== '' ? repeated : [];
}

const sizeOf = (units: readonly Unit[]): number =>
  units.reduce((sum, { tokens }) => sum + tokens, 0);
