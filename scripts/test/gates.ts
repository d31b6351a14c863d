import type { Gate, Need } from './gate.ts';

const check = (name: string, ...command: string[]): Gate => ({
  name,
  kind: 'check',
  command,
  needs: [],
  limit: 10,
});

const bin = (file: string): string => `node_modules/${file}`;

function suite(
  name: string,
  options: { needs: readonly Need[]; limit: number; workers: number },
): Gate {
  const command = [
    ...['node', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    ...[bin('jest/bin/jest.js'), '--ci', '--selectProjects', name],
    // What a failed test leaves open must not hold the run for as long as it may last.
    ...[`--maxWorkers=${options.workers}`, '--forceExit'],
  ];
  return { name, kind: 'suite', command, needs: options.needs, limit: options.limit };
}

/** Cheap and sure first. Checks run two at a time; suites one after the other, but for those that say so. */
export const GATES: readonly Gate[] = [
  check('secrets', 'node', 'scripts/secrets/main.ts', '--history'),
  check('lock', 'node', 'scripts/packages/main.ts', '--check'),
  check('licences', 'node', 'scripts/licences/main.ts'),
  check('format', 'node', bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'),
  check('lint', 'node', bin('eslint/bin/eslint.js'), '.', '--max-warnings=0'),
  check('types', 'node', 'scripts/test/check-types.ts'),
  check('client', 'node', 'scripts/test/check-client.ts'),
  check('docs', 'node', 'scripts/docs/main.ts', '--check'),
  check('schema', 'node', 'scripts/schema/main.ts'),
  check('audit', 'node', 'scripts/audit/main.ts'),
  check('build', 'npm', 'run', '--silent', 'build'),
  // What only real parts show (their routes, their SQL) is run by the suites below, and not counted here.
  { ...suite('unit', { needs: [], limit: 30, workers: 2 }), coversLines: 44 },
  suite('db', { needs: ['database'], limit: 40, workers: 2 }),
  {
    ...check('sabotage', 'node', 'scripts/sabotage/main.ts'),
    needs: ['database'],
    limit: 90,
    slow: true,
    reports: true,
  },
  { ...suite('deployment', { needs: ['browser'], limit: 90, workers: 1 }), slow: true },
  // They wait for programs to start more than they compute: two at a time.
  {
    ...suite('installs', { needs: ['database', 'models'], limit: 60, workers: 1 }),
    besideNext: true,
  },
  suite('journeys', { needs: ['database', 'models', 'browser'], limit: 60, workers: 1 }),
];

/** Tests named `*.slow.*` run with `--all` only. */
export const SLOW = '\\.slow\\.';
