import type { EnsureOptions } from '../types.ts';

/** What a source works with; `workDir` is its own, empty, and removed afterwards. */
export type SourceOptions = EnsureOptions & { workDir: string };
