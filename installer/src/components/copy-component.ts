import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listExecutables } from './component-parts.ts';
import { makeReadable } from './make-readable.ts';
import type { Component } from './types.ts';

const marker = '.casemate-component';

/**
 * Copies a component to `destDir`, complete or not at all, for accounts that cannot enter the
 * cache. The same copy already there is kept; another one is moved aside and removed, so stop what
 * runs from it first. What the host itself installed stays where it is.
 */
export async function copyComponent(component: Component, destDir: string): Promise<Component> {
  const identity = `${component.name} ${component.version} ${component.sha256}\n`;
  if (component.source === 'installed') return component;
  const present = await readFile(path.join(destDir, marker), 'utf8').catch(() => '');
  if (present !== identity) {
    const incoming = `${destDir}.incoming`;
    const outgoing = `${destDir}.outgoing`;
    await rm(incoming, { recursive: true, force: true });
    await rm(outgoing, { recursive: true, force: true });
    await mkdir(path.dirname(destDir), { recursive: true });
    await cp(component.dir, incoming, { recursive: true, verbatimSymlinks: true });
    await writeFile(path.join(incoming, marker), identity);
    await makeReadable(incoming);
    await rename(destDir, outgoing).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await rename(incoming, destDir);
    await rm(outgoing, { recursive: true, force: true });
  }
  const executables = await listExecutables(component.name, destDir);
  return { ...component, dir: destDir, executables };
}
