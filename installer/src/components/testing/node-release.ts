import { createHash } from 'node:crypto';
import type { ComponentLock, LockedComponent } from '../types.ts';
import { makeZip } from './make-zip.ts';

/** A release of a "Node.js" that is a shell script: small, and it runs. */
export const release = makeZip([
  { name: 'node-v24.0.1/bin/node', text: '#!/bin/sh\necho v24.0.1\n', mode: 0o755 },
  // Incompressible bytes, so that the release can break off in the middle.
  { name: 'node-v24.0.1/LICENSE', text: noise(200_000) },
]);

export const sha256 = createHash('sha256').update(release).digest('hex');

export const vendor = {
  url: 'https://vendor.invalid/dist/node-v24.0.1.zip',
  format: 'zip',
  root: 'node-v24.0.1',
  sha256,
} as const;

export const registry = {
  client: 'npm',
  package: 'node-of-tests',
  version: '24.0.1',
  file: 'node-of-tests-24.0.1.zip',
  format: 'zip',
  root: 'node-v24.0.1',
  sha256,
} as const;

export function lockOf(pins: Partial<LockedComponent>): ComponentLock {
  return { node: { version: '24.0.1', licence: 'MIT', ...pins } } as ComponentLock;
}

function noise(length: number): string {
  let text = '';
  while (text.length < length) text += createHash('sha512').update(text.slice(-99)).digest('hex');
  return text;
}
