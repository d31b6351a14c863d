import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ensureLocked } from './ensure-locked.ts';
import { lockOf, registry, release, sha256, vendor } from './testing/node-release.ts';
import { tempDir } from './testing/temp-dir.ts';
import type { ComponentEvent, EnsureOptions } from './types.ts';

const place = `node-24.0.1-${sha256.slice(0, 16)}`;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A vendor's mirror on this host. */
async function mirror(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An npm that packs what the test gives it. */
function scriptNpm(bytes: Buffer): { env: NodeJS.ProcessEnv } {
  const bin = tempDir();
  writeFileSync(path.join(bin, 'packed'), bytes);
  const script = `#!/bin/sh\ncp "${bin}/packed" "$PWD/${registry.file}"\n`;
  writeFileSync(path.join(bin, 'npm'), script);
  chmodSync(path.join(bin, 'npm'), 0o755);
  return { env: { PATH: `${bin}:/usr/bin:/bin` } };
}

function ask(pins: Parameters<typeof lockOf>[0], options: Partial<EnsureOptions>) {
  const events: ComponentEvent[] = [];
  const cacheDir = options.cacheDir ?? tempDir();
  const report = (event: ComponentEvent) => void events.push(event);
  const result = ensureLocked(lockOf(pins), 'node', { cacheDir, report, ...options });
  const warnings = () => events.filter(({ kind }) => kind === 'warn').map(({ text }) => text);
  const cached = () => readdirSync(path.join(cacheDir, 'components'));
  return { result, events, warnings, cached, cacheDir };
}

function flipped(): Buffer {
  const bytes = Buffer.from(release);
  bytes[1000] = (bytes[1000] as number) ^ 1;
  return bytes;
}

describe('the vendor as a source', () => {
  const sources = ['vendor'] as const;

  it('refuses a release with one wrong byte and leaves nothing behind', async () => {
    const vendorBase = await mirror((_request, response) => response.end(flipped()));
    const { result, cached } = ask({ vendor }, { vendorBase, sources });
    await expect(result).rejects.toThrow(`pinned is ${sha256}`);
    expect(cached()).toEqual([]);
  });

  it('refuses a release that ends early', async () => {
    const vendorBase = await mirror((_request, response) => response.end(release.subarray(0, 999)));
    const { result, cached } = ask({ vendor }, { vendorBase, sources });
    await expect(result).rejects.toThrow('is refused');
    expect(cached()).toEqual([]);
  });

  it('does not ask for a release whose checksum nobody has pinned', async () => {
    let asked = 0;
    const vendorBase = await mirror((_request, response) => response.end(String(++asked)));
    const { url, format, root } = vendor;
    const { result } = ask({ vendor: { url, format, root } }, { vendorBase, sources });
    await expect(result).rejects.toThrow('vendor: no pinned checksum');
    expect(asked).toBe(0);
  });

  it('refuses a release that does not say the pinned version', async () => {
    const vendorBase = await mirror((_request, response) => response.end(release));
    const lock = lockOf({ vendor, version: '24.0.2' });
    const options = { cacheDir: tempDir(), report: () => undefined, vendorBase, sources };
    await expect(ensureLocked(lock, 'node', options)).rejects.toThrow('where 24.0.2 is pinned');
  });

  it('takes the pinned bytes from the path of the vendor, once', async () => {
    const asked: unknown[] = [];
    const vendorBase = await mirror((request, response) => {
      asked.push(request.url);
      response.end(release);
    });
    const first = ask({ vendor }, { vendorBase, sources });
    expect(await first.result).toMatchObject({ source: 'vendor', version: '24.0.1', sha256 });
    expect(first.cached()).toEqual([place]);

    const { cacheDir } = first;
    const second = await ask({ vendor }, { vendorBase, sources, cacheDir }).result;
    expect(second.source).toBe('cache');
    expect(second.executables['node']).toBe(path.join(second.dir, 'bin', 'node'));
    expect(asked).toEqual(['/dist/node-v24.0.1.zip']);
  });

  it.each([
    ['goes on where it broke off', true],
    ['starts again when the server cannot go on', false],
  ])('%s', async (_name, ranges) => {
    const starts: number[] = [];
    const vendorBase = await mirror((request, response) => {
      const start = ranges ? Number(/\d+/.exec(request.headers.range ?? '0')?.[0]) : 0;
      starts.push(start);
      const rest = release.subarray(start);
      response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length });
      if (starts.length > 1) response.end(rest);
      else response.write(rest.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 50));
    });
    const { result, warnings } = ask({ vendor }, { vendorBase, sources });
    expect((await result).source).toBe('vendor');
    expect(starts).toEqual([0, ranges ? expect.any(Number) : 0]);
    expect((starts[1] as number) > 0).toBe(ranges);
    expect(warnings()).toEqual([expect.stringContaining('broke off')]);
  });

  it('falls through to the next source, with a warning, when nobody answers', async () => {
    const vendorBase = await mirror(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const sources = ['vendor', 'registry'] as const;
    const options = { ...scriptNpm(release), vendorBase, sources };
    const { result, warnings } = ask({ vendor, registry }, options);
    expect((await result).source).toBe('registry');
    expect(warnings()).toEqual([expect.stringMatching(/passed over vendor: .*ECONNREFUSED/)]);
  });
});

describe('a registry as a source', () => {
  const sources = ['registry'] as const;

  it('refuses a package that is not the pinned one', async () => {
    const { result, cached } = ask({ registry }, { ...scriptNpm(flipped()), sources });
    await expect(result).rejects.toThrow('is refused');
    expect(cached()).toEqual([]);
  });

  it('says what to install when its client is missing', async () => {
    const { result } = ask({ registry }, { sources, env: { PATH: '/nonexistent' } });
    await expect(result).rejects.toThrow('install Node.js with npm');
  });
});

describe('a bundle as a source', () => {
  function bundleOf(bytes: Buffer): string {
    const bundleDir = tempDir();
    mkdirSync(path.join(bundleDir, 'components', 'node'), { recursive: true });
    writeFileSync(path.join(bundleDir, 'components', 'node', registry.file), bytes);
    return bundleDir;
  }

  it('refuses altered bytes, leaves the bundle as it was and goes on', async () => {
    const bundleDir = bundleOf(flipped());
    const options = { ...scriptNpm(release), bundleDir, sources: ['bundle', 'registry'] as const };
    const { result, warnings } = ask({ vendor, registry }, options);
    expect((await result).source).toBe('registry');
    expect(warnings()).toEqual([expect.stringMatching(/passed over bundle: .* is refused/)]);
    const kept = readFileSync(path.join(bundleDir, 'components', 'node', registry.file));
    expect(kept.equals(flipped())).toBe(true);
  });

  it('takes whichever pinned file it carries', async () => {
    const { result, warnings } = ask({ vendor, registry }, { bundleDir: bundleOf(release) });
    expect((await result).source).toBe('bundle');
    expect(warnings()).toEqual([]);
  });
});

describe('what a killed run leaves', () => {
  it('is cleared away by the next', async () => {
    const cacheDir = tempDir();
    const components = path.join(cacheDir, 'components');
    mkdirSync(path.join(components, '.work-node.killed'), { recursive: true });
    mkdirSync(path.join(components, '.lock-node'));
    writeFileSync(path.join(components, '.lock-node', '999999999.1'), '');
    const options = { ...scriptNpm(release), cacheDir, sources: ['registry'] as const };
    const { result, cached } = ask({ registry }, options);
    expect((await result).source).toBe('registry');
    expect(cached()).toEqual([place]);
  });
});

describe('a damaged copy in the cache', () => {
  it('is replaced', async () => {
    const cacheDir = tempDir();
    mkdirSync(path.join(cacheDir, 'components', place, 'bin'), { recursive: true });
    const options = { ...scriptNpm(release), cacheDir, sources: ['registry'] as const };
    const { result, cached } = ask({ registry }, options);
    expect((await result).source).toBe('registry');
    expect(cached()).toEqual([place]);
  });
});

describe('two at once', () => {
  it('fetch once and get the same', async () => {
    const options = {
      ...scriptNpm(release),
      cacheDir: tempDir(),
      sources: ['registry'] as const,
    };
    const both = [1, 2].map(() => ask({ registry }, options).result);
    const found = (await Promise.all(both)).map(({ source }) => source);
    expect(found.sort()).toEqual(['cache', 'registry']);
  });
});
