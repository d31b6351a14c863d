import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { FileFormat } from '../media-types.ts';
import type { ParseLimits } from '../parse-limits.ts';
import { WRAPPER_ARGUMENTS, type HostWrappers } from './probe-host.ts';

export interface ChildProgram {
  /** The entry: `child.ts` in a checkout, `parse-child.js` when built. */
  entry: string;
  /** Files and folders that its code is loaded from. */
  readable: readonly string[];
}

export interface ChildCommand {
  file: string;
  args: string[];
}

const MIB = 1024 * 1024;
// What Node reserves as writable before it does anything: 560 MiB, seen on 24.21.
const NODE_BYTES = 1024 * MIB;

/** The command line of one child: the wrappers that this host has, then Node, then the program. */
export function childCommand(
  program: ChildProgram,
  job: { format: FileFormat; limits: ParseLimits },
  host: HostWrappers,
): ChildCommand {
  const wrappers: string[][] = [];
  if (host.unshare) wrappers.push([host.unshare, ...WRAPPER_ARGUMENTS.unshare]);
  if (host.prlimit) wrappers.push([host.prlimit, ...kernelLimits(job.limits), '--']);
  if (host.setpriv) wrappers.push([host.setpriv, ...WRAPPER_ARGUMENTS.setpriv]);
  const node = [process.execPath, ...nodeFlags(program, job.limits), program.entry];
  const command = [...wrappers.flat(), ...node, job.format, JSON.stringify(job.limits)];
  return { file: command[0] ?? process.execPath, args: command.slice(1) };
}

function nodeFlags({ readable }: ChildProgram, limits: ParseLimits): string[] {
  // Outside the heap stand the document, what it unpacks to, and Node itself.
  const heap = Math.max(64, Math.floor((limits.memoryBytes / MIB) * 0.6));
  return [
    '--permission',
    ...readable.map((file) => `--allow-fs-read=${file}`),
    `--max-old-space-size=${heap}`,
    // Parsers make much short-lived garbage: a larger nursery saves a tenth of the time.
    '--max-semi-space-size=32',
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-warnings',
  ];
}

/** Limits of the kernel. The time is processor time, a little over ours: for when the server died. */
const kernelLimits = (limits: ParseLimits): string[] => [
  `--data=${limits.memoryBytes + NODE_BYTES}`,
  `--cpu=${Math.ceil(limits.timeMs / 1000) + 5}`,
  '--fsize=0',
  '--nofile=64',
  '--core=0',
];

/** The child that belongs to this code: the bundle beside ours when built, else the sources. */
export function findProgram(): ChildProgram {
  if (import.meta.filename.endsWith('.ts')) return sourceProgram();
  const entry = path.join(import.meta.dirname, 'parse-child.js');
  return { entry, readable: [entry] };
}

/** The child as it stands in a checkout, run from its sources. */
export function sourceProgram(): ChildProgram {
  const parse = path.resolve(import.meta.dirname, '..');
  const root = path.resolve(parse, '../../../..');
  const packages = ['node_modules', 'server/node_modules'].map((name) => path.join(root, name));
  return {
    entry: path.join(parse, 'child.ts'),
    readable: [
      parse,
      ...packages,
      // A copy of the checkout may borrow another's packages.
      ...packages.filter((name) => existsSync(name)).map((name) => realpathSync(name)),
      path.join(root, 'package.json'),
      path.join(root, 'server/package.json'),
    ],
  };
}
