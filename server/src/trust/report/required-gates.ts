/** Gates that every full run has; a test compares them with `scripts/test/gates.ts`. */
export const REQUIRED_GATES: readonly string[] = [
  'secrets',
  'lock',
  'licences',
  'format',
  'lint',
  'types',
  'client',
  'docs',
  'schema',
  'audit',
  'build',
  'unit',
  'db',
  'installs',
  'journeys',
];
