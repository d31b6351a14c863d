/** One Jest project per kind of test; `scripts/test.sh` starts the real parts before `db`. */
const base = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const withParts = ['\\.db\\.test\\.ts$', '\\.http\\.test\\.ts$'];

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      setupFilesAfterEnv: ['<rootDir>/server/tests/patience.ts'],
      testMatch: [
        '<rootDir>/{server,installer,web}/src/**/*.test.{ts,tsx}',
        '<rootDir>/scripts/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['/node_modules/', ...withParts, '\\.slow\\.'],
    },
    {
      ...base,
      displayName: 'deployment',
      setupFilesAfterEnv: ['<rootDir>/server/tests/patience.ts'],
      testMatch: ['<rootDir>/scripts/**/*.slow.test.ts'],
    },
    {
      ...base,
      displayName: 'db',
      setupFilesAfterEnv: ['<rootDir>/server/tests/patience.ts'],
      testMatch: ['<rootDir>/server/src/**/*.{db,http}.test.ts'],
      globalSetup: '<rootDir>/server/tests/start-parts.mjs',
      globalTeardown: '<rootDir>/server/tests/stop-parts.mjs',
    },
    {
      ...base,
      displayName: 'journeys',
      setupFilesAfterEnv: [
        '<rootDir>/server/tests/patience.ts',
        '<rootDir>/web/tests/after-journey.ts',
      ],
      globalSetup: '<rootDir>/web/tests/start-instance.mjs',
      globalTeardown: '<rootDir>/web/tests/stop-instance.mjs',
      testMatch: ['<rootDir>/web/tests/**/*.journey.test.ts'],
    },
    {
      ...base,
      displayName: 'installs',
      setupFilesAfterEnv: ['<rootDir>/server/tests/patience.ts'],
      testMatch: [
        '<rootDir>/installer/tests/**/*.journey.test.ts',
        '<rootDir>/installer/src/**/*.slow.test.ts',
      ],
    },
  ],
};
