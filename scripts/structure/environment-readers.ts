/**
 * The entry point of each program: it alone reads the environment, and hands it to what validates
 * it. Lint and structure test share this list.
 */
export const ENVIRONMENT_READERS: readonly string[] = [
  'server/src/app/main.ts',
  'installer/src/main.ts',
  'installer/src/components/main.ts',
  'installer/src/containers/main.ts',
  'web/vite.config.ts',
  'scripts/test/main.ts',
];
