/** One measured number beside its target; ids begin with the bench's name. */
export type Figure = {
  id: string;
  value: number;
  unit: string;
  target: number;
  better: 'lower' | 'higher';
  /** The same measured another way in this very run, or what is published; null where there is none. */
  reference: number | null;
};

export type BenchResult = {
  figures: Figure[];
  /** Every way in which this run differs from an installed appliance with its defaults. */
  deviations: string[];
};

export type BenchOptions = {
  /** Folder of articles and questions for `quality`. */
  data: string | undefined;
  /** How many tenants for the benches that say so. */
  tenants: number;
  /** How long people work, for the bench that says so. */
  minutes: number;
  /** How many parts are killed, for the bench that says so. */
  rounds: number;
  /** The long form, for the benches that have one. */
  full: boolean;
  report: (text: string) => void;
};

export type Bench = {
  name: string;
  title: string;
  run(options: BenchOptions): Promise<BenchResult>;
};

/** The value below which `share` of the samples lie; throws for none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('no samples');
  return value;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
