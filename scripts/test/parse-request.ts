import { parseArgs } from 'node:util';
import type { Gate } from './gate.ts';

/** What the caller asked for: gates in their order, and paths that narrow the suites. */
export type Request = {
  gates: readonly Gate[];
  paths: readonly string[];
  all: boolean;
  list: boolean;
};

const FAST = ['secrets', 'lock', 'licences', 'format', 'lint', 'types', 'unit'];

/**
 * Reads the command line. Names of gates pick them; what follows and names no gate is a path for
 * Jest, and then a suite must be named. Throws an error that says what to do.
 */
export function parseRequest(args: readonly string[], gates: readonly Gate[]): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      fast: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const known = new Set(gates.map(({ name }) => name));
  const first = positionals.findIndex((word) => !known.has(word));
  const names = first === -1 ? positionals : positionals.slice(0, first);
  const paths = first === -1 ? [] : positionals.slice(first);
  const wanted = values.fast ? [...FAST, ...names] : names;
  const picked = gates.filter(({ name, slow }) =>
    wanted.length === 0 ? values.all || !slow : wanted.includes(name),
  );
  if (paths.length > 0 && (names.length === 0 || picked.some(({ kind }) => kind !== 'suite'))) {
    const suites = gates.filter(({ kind }) => kind === 'suite').map(({ name }) => name);
    throw new Error(
      `"${paths.join(' ')}" is no gate (${[...known].join(', ')}); paths follow a suite: ${suites.join(', ')}`,
    );
  }
  return { gates: picked, paths, all: values.all, list: values.list };
}
