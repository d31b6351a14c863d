import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../testing/temp-dir.ts';
import type { ComponentEvent, GoBuild } from '../types.ts';
import { buildOllama } from './build-ollama.ts';

const build: GoBuild = {
  client: 'go',
  package: 'example.invalid/ollama',
  version: 'v0.0.1',
  sum: 'h1:pinned',
  flags: ['-O3'],
  variants: ['haswell'],
  headers: [
    {
      client: 'go',
      package: 'example.invalid/headers',
      version: 'v1.0.0',
      sum: 'h1:pinned',
      take: { 'external/image.h': 'stb/image.h' },
    },
  ],
};

/** A host whose tools are scripts: its go "downloads" one folder and "compiles" what it was told. */
function scene(commands: Record<string, string>, sum = 'h1:pinned') {
  const dir = tempDir();
  const module = path.join(dir, 'module');
  mkdirSync(path.join(module, 'external'), { recursive: true });
  writeFileSync(path.join(module, 'LICENSE'), 'MIT');
  writeFileSync(path.join(module, 'external', 'image.h'), 'header');
  const bin = path.join(dir, 'bin');
  mkdirSync(bin);
  for (const tool of ['chmod', 'cat', 'mkdir']) symlinkSync(`/bin/${tool}`, path.join(bin, tool));
  const go = [
    `if [ "$1" = mod ]; then echo '${JSON.stringify({ Dir: module, Sum: sum })}'; exit; fi`,
    'for last; do [ "$before" = -o ] && out=$last; before=$last; done',
    'echo "$CGO_CFLAGS $(cat llama/llama.cpp/vendor/stb/image.h)" > "$out"',
  ].join('\n');
  for (const [name, script] of Object.entries({ go, ...commands })) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const workDir = path.join(dir, 'work');
  mkdirSync(workDir);
  const events: ComponentEvent[] = [];
  const report = (event: ComponentEvent) => void events.push(event);
  const cacheDir = path.join(dir, 'cache');
  const result = buildOllama(build, { cacheDir, workDir, report, env: { PATH: bin } });
  const warnings = () => events.filter(({ kind }) => kind === 'warn');
  return { result, warnings, cacheDir };
}

const compilers = { gcc: 'exit 0', 'g++': 'exit 0' };

describe('buildOllama', () => {
  it('refuses a module whose sum is not the pinned one', async () => {
    const { result } = scene(compilers, 'h1:other');
    await expect(result).rejects.toThrow('its sum is h1:other, pinned is h1:pinned');
  });

  it('says which compiler is missing', async () => {
    await expect(scene({ gcc: 'exit 0' }).result).rejects.toThrow('no g++ here: install it');
  });

  it('builds for this processor alone without cmake, and says so', async () => {
    const { result, warnings, cacheDir } = scene(compilers);
    const program = readFileSync(path.join(await result, 'bin', 'ollama'), 'utf8');
    expect(program).toMatch(/^-O3( -mavx2 -mfma -mf16c)? header\n$/);
    expect(warnings()).toEqual([
      expect.objectContaining({ text: expect.stringContaining('no cmake') }),
    ]);
    expect(existsSync(path.join(cacheDir, 'components', '.build-ollama'))).toBe(false);
  });

  it('builds a portable program and libraries beside it with cmake', async () => {
    const cmake =
      '[ "$1" = --build ] && mkdir -p "$2/lib/ollama" && echo "$4" > "$2/lib/ollama/library"; exit 0';
    const { result, warnings } = scene({ ...compilers, cmake });
    const tree = await result;
    expect(readFileSync(path.join(tree, 'bin', 'ollama'), 'utf8')).toBe('-O3 header\n');
    const library = path.join(tree, 'lib', 'ollama', 'library');
    expect(readFileSync(library, 'utf8')).toBe('ggml-cpu-haswell\n');
    expect(warnings()).toEqual([]);
  });
});
