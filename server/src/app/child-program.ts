import { basename, join } from 'node:path';

/**
 * The file of a child program: `identity/hash-worker` is src/identity/hash-worker.ts in a checkout
 * and dist/hash-worker.js beside the built main program.
 */
export function childProgram(name: string): string {
  const here = import.meta.dirname;
  return import.meta.filename.endsWith('.ts')
    ? join(here, '..', `${name}.ts`)
    : join(here, `${basename(name)}.js`);
}

/** A file that is built beside the program; of a checkout, that of its last build. */
export function besideProgram(name: string): string {
  const here = import.meta.dirname;
  return import.meta.filename.endsWith('.ts') ? join(here, '../../dist', name) : join(here, name);
}

/** The folder `migrations` beside src or dist. */
export function migrationsDirectory(kind: 'control' | 'tenant'): string {
  const up = import.meta.filename.endsWith('.ts') ? '../..' : '..';
  return join(import.meta.dirname, up, 'migrations', kind);
}

/** A program that exists only when built; null in a checkout, where the sources run. */
export function builtProgram(name: string): string | null {
  return import.meta.filename.endsWith('.ts') ? null : join(import.meta.dirname, `${name}.js`);
}
