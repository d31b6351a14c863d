import reactHooks from 'eslint-plugin-react-hooks';
import regexp from 'eslint-plugin-regexp';
import security from 'eslint-plugin-security';
import tseslint from 'typescript-eslint';
import { casemate } from './scripts/lint/plugin.ts';
import { restrictedImports, restrictedSyntax } from './scripts/lint/restricted-syntax.ts';
import { ENVIRONMENT_READERS } from './scripts/structure/environment-readers.ts';

const tests = ['**/*.test.{ts,tsx}', '*/tests/**'];
const terminals = ['installer/src/terminal/**', 'scripts/**', 'server/build.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', 'web/src/lib/api/schema.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.strictTypeChecked,
  security.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { casemate, regexp },
    rules: {
      'casemate/no-environment-reads': 'error',
      'casemate/no-string-built-sql': 'error',
      'casemate/room-boundaries': 'error',
      'no-restricted-syntax': ['error', ...restrictedSyntax],
      'no-restricted-imports': ['error', restrictedImports],
      'no-console': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      // A switch counts once, however many cases it lists.
      complexity: ['error', { max: 20, variant: 'modified' }],
      // What a stranger's text can slow down without end.
      'regexp/no-super-linear-backtracking': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers and booleans read well in a message, and print without surprise.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => void call()` says nothing more than `() => call()`.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A leading underscore is the field's sign for "taken because the shape demands it".
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // Off: async says that an action may wait one day, and turns a throw into a rejection.
      '@typescript-eslint/require-await': 'off',
      // Off: believes that what was narrowed before an await is still so after it.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Off: objects here are closures, whose functions need no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Off: `string | void` is how a step says that it may have nothing to tell.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Spreading a text gives its code points, which is what lengths and lexemes count.
      '@typescript-eslint/no-misused-spread': [
        'error',
        { allow: [{ from: 'lib', name: 'string' }, 'string'] },
      ],
      // Off: fires on any comparison of what is named a token, even with ''. Secrets are looked up
      // by their hash, or compared with timingSafeEqual.
      'security/detect-possible-timing-attacks': 'off',
      // Off: counts stars; eslint-plugin-regexp works out what really backtracks.
      'security/detect-unsafe-regex': 'off',
      // Off: fires on every array access. Keys that people send are checked by zod, and maps are Map.
      'security/detect-object-injection': 'off',
      // Off: fires on every path that is a variable. Paths that people influence are resolved
      // inside an allowed directory, which INP-04's tests show.
      'security/detect-non-literal-fs-filename': 'off',
      // Off: knows no difference between argv and a shell. The bans on exec and `shell` replace it.
      'security/detect-child-process': 'off',
    },
  },
  { files: ENVIRONMENT_READERS, rules: { 'casemate/no-environment-reads': 'off' } },
  { files: terminals, rules: { 'no-console': 'off' } },
  {
    // These read the project's own files, so no stranger's text meets their patterns; and they
    // speak of SQL without running any.
    files: ['scripts/**'],
    rules: {
      'regexp/no-super-linear-backtracking': 'off',
      'security/detect-non-literal-regexp': 'off',
      'casemate/no-string-built-sql': 'off',
    },
  },
  {
    // Documents and requests are long and strange: here a search that starts over at every
    // character is a fault too.
    files: ['server/src/**'],
    ignores: ['**/*.test.ts'],
    rules: { 'regexp/no-super-linear-move': 'error' },
  },
  {
    // A table of routes is one function that lists them.
    files: ['**/routes.ts', '**/*-routes.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // Runs the migrations, which are files of SQL; it puts in only what tenantName gives.
    files: ['server/src/tenancy/migrate.ts'],
    rules: { 'casemate/no-string-built-sql': 'off' },
  },
  {
    // The gate through which all SQL passes: it takes texts from the rooms, which may not build
    // any, and writes the one prelude, whose variables tenant-name.ts has checked.
    files: ['statements', 'with-control', 'with-tenant', 'create-database'].map(
      (name) => `server/src/platform/db/${name}.ts`,
    ),
    rules: { 'casemate/no-string-built-sql': 'off' },
  },
  {
    // The isolation test plays the attacker: it writes statements on the tables that the catalog
    // names, and puts SQL where a careless program would. No text of a person reaches any of them.
    files: ['server/src/isolation/{attacks,watch}/**'],
    rules: { 'casemate/no-string-built-sql': 'off' },
  },
  {
    files: tests,
    rules: {
      // Tests play the attacker, who builds SQL and script addresses.
      'no-script-url': 'off',
      'casemate/no-string-built-sql': 'off',
      // Tests hand the environment on to the programs that they start.
      'casemate/no-environment-reads': 'off',
      // A describe block is one function, however many tests it holds.
      'max-lines-per-function': 'off',
      // The rows of a table of samples are as wide as they are.
      'max-params': 'off',
      // Tests build their patterns and file names from what they just made.
      'security/detect-non-literal-regexp': 'off',
      // Jest's matchers for parts of an object are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // A test knows what it put into the list it reads.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['web/**/*.tsx', 'web/**/use-*.ts'],
    rules: {
      // A component's markup, and a hook's wiring, are long and flat; the logic is in plain functions.
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ['error', { max: 25, variant: 'modified' }],
    },
  },
  {
    files: ['web/**'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    // The tools that read these files ask for a default export.
    files: ['*.config.{js,ts}', 'web/*.config.ts', '{server,web}/tests/{start,stop}-*.*'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...restrictedSyntax.filter(({ selector }) => selector !== 'ExportDefaultDeclaration'),
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
