import type { ESLint } from 'eslint';
import { noEnvironmentReads } from './no-environment-reads.ts';
import { noStringBuiltSql } from './no-string-built-sql.ts';
import { roomBoundaries } from './room-boundaries.ts';

/** The project's own lint rules; each has a test that shows it failing on a bad sample. */
export const casemate: ESLint.Plugin = {
  rules: {
    'no-environment-reads': noEnvironmentReads,
    'no-string-built-sql': noStringBuiltSql,
    'room-boundaries': roomBoundaries,
  },
};
