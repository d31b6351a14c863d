import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../testing/temp-dir.ts';
import type { GoProgram } from '../types.ts';
import { buildGoProgram } from './build-go-program.ts';

const build: GoProgram = {
  client: 'go',
  package: 'example.invalid/tool',
  version: 'v0.0.1',
  sum: 'h1:pinned',
  program: 'cmd/tool',
};

/** A host whose go "downloads" one folder and "compiles" what it was told. */
function scene(sum: string) {
  const dir = tempDir();
  const module = path.join(dir, 'module');
  const bin = path.join(dir, 'bin');
  const workDir = path.join(dir, 'work');
  for (const made of [module, bin, workDir]) mkdirSync(made);
  writeFileSync(path.join(module, 'LICENSE'), 'BSD');
  const go = [
    '#!/bin/sh',
    `if [ "$1" = mod ]; then echo '${JSON.stringify({ Dir: module, Sum: sum })}'; exit; fi`,
    'for last; do [ "$before" = -o ] && out=$last; before=$last; done',
    'echo "$PWD $CGO_ENABLED $GOFLAGS $last" > "$out"',
  ].join('\n');
  writeFileSync(path.join(bin, 'go'), go, { mode: 0o755 });
  const options = { workDir, cacheDir: dir, report: () => undefined, env: { PATH: bin } };
  return { module, result: buildGoProgram(build, options) };
}

describe('buildGoProgram', () => {
  it('refuses a module whose sum is not the pinned one', async () => {
    const { result } = scene('h1:other');
    await expect(result).rejects.toThrow('its sum is h1:other, pinned is h1:pinned');
  });

  it('builds the main package in the tree of the module, without cgo and with its go.sum', async () => {
    const { result, module } = scene('h1:pinned');
    const tree = await result;
    expect(readFileSync(path.join(tree, 'tool'), 'utf8')).toBe(
      `${module} 0 -mod=readonly ./cmd/tool\n`,
    );
    expect(readFileSync(path.join(tree, 'LICENSE'), 'utf8')).toBe('BSD');
  });
});
