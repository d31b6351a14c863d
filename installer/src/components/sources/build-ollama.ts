import { cp, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { hasCommand } from '../has-command.ts';
import { runCommand } from '../run-command.ts';
import type { GoBuild } from '../types.ts';
import { unpack } from '../unpack.ts';
import { fetchGoModule } from './fetch-go-module.ts';
import { fetchPackage } from './fetch-package.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * Builds Ollama from its Go module, about five minutes on two cores. The build runs in the module's
 * own tree, so that its go.sum, which our pinned sum covers, pins every dependency too.
 */
export async function buildOllama(build: GoBuild, options: SourceOptions): Promise<string> {
  const { workDir, cacheDir, report, env } = options;
  for (const compiler of ['gcc', 'g++']) {
    if (!(await hasCommand(compiler, env))) throw new Error(`no ${compiler} here: install it`);
  }
  // A fixed folder: Go's build cache knows compiled C++ by its path, and a killed build goes on.
  const source = path.join(cacheDir, 'components', '.build-ollama');
  await rm(source, { recursive: true, force: true });
  report({ kind: 'step', text: `fetching the source of Ollama ${build.version}` });
  await copyModule(await fetchGoModule(build, options), source);
  await addHeaders(build, source, options);

  const tree = path.join(workDir, 'tree');
  await mkdir(path.join(tree, 'bin'), { recursive: true });
  await cp(path.join(source, 'LICENSE'), path.join(tree, 'LICENSE'));
  const libraries = await hasCommand('cmake', env);
  await compileProgram(build, { ...options, source, tree, libraries });
  if (libraries) await compileLibraries(build, { ...options, source, tree });
  else {
    const text = 'no cmake here: Ollama is built for this processor only, without libraries';
    report({ kind: 'warn', text });
  }
  await rm(source, { recursive: true, force: true });
  return tree;
}

async function copyModule(module: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await cp(module, target, { recursive: true });
  // Go's module cache is read-only.
  await runCommand('chmod', ['-R', 'u+w', target]);
}

/** A Go module leaves out folders named `vendor`; these are what the compiler misses of them. */
async function addHeaders(build: GoBuild, source: string, options: SourceOptions): Promise<void> {
  const target = path.join(source, 'llama', 'llama.cpp', 'vendor');
  for (const headers of build.headers) {
    const folder =
      headers.client === 'go'
        ? await fetchGoModule(headers, options)
        : await unpack(
            await fetchPackage(headers, options),
            headers,
            path.join(options.workDir, headers.package),
          );
    for (const [from, to] of Object.entries(headers.take)) {
      await cp(path.join(folder, from), path.join(target, to), { recursive: true });
    }
  }
}

type Compile = SourceOptions & { source: string; tree: string };

async function compileProgram(
  build: GoBuild,
  { source, tree, libraries, report, signal, env }: Compile & { libraries: boolean },
): Promise<void> {
  report({ kind: 'step', text: 'compiling Ollama (some minutes)' });
  const flags = [...build.flags, ...(libraries ? [] : await listProcessorFlags())].join(' ');
  const version = build.version.replace(/^v/, '');
  const linker = `-s -w -X=${build.package}/version.Version=${version}`;
  const output = path.join(tree, 'bin', 'ollama');
  let done = 0;
  await runCommand(
    'go',
    ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', linker, '-o', output, '.'],
    {
      cwd: source,
      env,
      set: { CGO_ENABLED: '1', CGO_CFLAGS: flags, CGO_CXXFLAGS: flags, GOFLAGS: '-mod=readonly' },
      signal,
      // Go says one package a line; the rest is the compilers' warnings about code that isn't ours.
      onLine: (text) => {
        if (/^\S+$/.test(text)) report({ kind: 'progress', text, done: ++done, unit: 'packages' });
      },
      heartbeat: { report, text: 'compiling Ollama' },
    },
  );
}

/** Without the libraries the program itself must use what the processor has: 5 times the speed. */
async function listProcessorFlags(): Promise<string[]> {
  const processor = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set(processor.split(/\s+/));
  return ['avx2', 'fma', 'f16c'].every((flag) => flags.has(flag))
    ? ['-mavx2', '-mfma', '-mf16c']
    : [];
}

/** The program loads the fastest library that its processor can run, so one build fits all. */
async function compileLibraries(
  build: GoBuild,
  { source, tree, report, signal, env }: Compile,
): Promise<void> {
  const output = path.join(source, 'build');
  await runCommand('cmake', ['--preset', 'CPU', '-B', output], { cwd: source, signal, env });
  for (const variant of build.variants) {
    const text = `compiling the library for ${variant}`;
    report({ kind: 'step', text });
    const target = ['--target', `ggml-cpu-${variant}`, '-j', String(availableParallelism())];
    await runCommand('cmake', ['--build', output, ...target], {
      signal,
      env,
      heartbeat: { report, text },
    });
  }
  const from = path.join(output, 'lib', 'ollama');
  const to = path.join(tree, 'lib', 'ollama');
  await mkdir(to, { recursive: true });
  for (const library of await readdir(from)) {
    await cp(path.join(from, library), path.join(to, library), { verbatimSymlinks: true });
  }
}
