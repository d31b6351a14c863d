/**
 * Builds server/dist: one bundle per program, and beside them the one package with native code.
 * A bundle starts faster and holds less memory than a tree of modules, and nothing is resolved at
 * run time that was not there at build time.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { buildLeakedPasswords } from './build-leaked-passwords.ts';

const here = import.meta.dirname;
const dist = join(here, 'dist');
const NATIVE = ['bcrypt', 'node-gyp-build'];

const entries = ['src/main.ts', 'src/identity/hash-worker.ts', 'src/knowledge/parse/child.ts'];
const names: Readonly<Record<string, string>> = { child: 'parse-child' };

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: entries
    .filter((entry) => existsSync(join(here, entry)))
    .map((entry) => {
      const name = basename(entry, '.ts');
      return { in: entry, out: names[name] ?? name };
    }),
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  external: NATIVE,
  legalComments: 'linked',
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as casemateRequire } from 'node:module'; const require = casemateRequire(import.meta.url);",
  },
});

// What the main program reads beside itself.
cpSync(join(here, 'src/trust/controls.tsv'), join(dist, 'controls.tsv'));
cpSync(join(here, '../SECURITY.md'), join(dist, 'SECURITY.md'));
writeFileSync(join(dist, 'leaked-passwords.bin'), buildLeakedPasswords());

const require = createRequire(import.meta.url);
for (const name of NATIVE) {
  const from = dirname(require.resolve(`${name}/package.json`));
  const to = join(dist, 'node_modules', name);
  mkdirSync(to, { recursive: true });
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/\/(src|test|build|deps)(\/|$)/.test(path.slice(from.length)),
  });
}
