import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildPdf } from '../fixtures/build-pdf.ts';
import { MEDIA_TYPES } from '../media-types.ts';
import { ParseError } from '../parse-error.ts';
import type { ParseLimits } from '../parse-limits.ts';
import { sourceProgram } from './child-command.ts';
import { describeSandbox } from './describe-sandbox.ts';
import { parseInChild } from './parse-in-child.ts';
import { probeHost, type HostWrappers } from './probe-host.ts';

const HOSTILE = {
  ...sourceProgram(),
  entry: path.resolve(import.meta.dirname, '../fixtures/hostile-child.ts'),
};
const NO_WRAPPERS: HostWrappers = { unshare: null, prlimit: null, setpriv: null };

let folder: string;
let server: Server;
let port: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parse-'));
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

interface Attempt {
  limits?: Partial<ParseLimits>;
  host?: HostWrappers;
  signal?: AbortSignal;
}

async function attack(name: string, argument = '', attempt: Attempt = {}): Promise<string> {
  const file = path.join(folder, `${name}.txt`);
  await writeFile(file, `${name}\n${argument}`);
  const request = { path: file, mediaType: MEDIA_TYPES.txt, program: HOSTILE, ...attempt };
  return (await parseInChild(request)).blocks.map(({ text }) => text).join('\n');
}

describe('AGT-08: the child that reads a document', () => {
  it('can start no process', async () => {
    expect(await attack('spawn')).toMatch(/^refused: ERR_ACCESS_DENIED/);
  });

  it('can start no thread', async () => {
    expect(await attack('thread')).toMatch(/^refused: ERR_ACCESS_DENIED/);
  });

  it('can read no file but its own program', async () => {
    expect(await attack('read', '/etc/passwd')).toMatch(/^refused: ERR_ACCESS_DENIED/);
    expect(await attack('read', '/proc/self/environ')).toMatch(/^refused: ERR_ACCESS_DENIED/);
    expect(await attack('read', HOSTILE.entry)).toMatch(/^done/);
  });

  it('can write no file', async () => {
    const file = path.join(folder, 'written');
    expect(await attack('write', file)).toMatch(/^refused: ERR_ACCESS_DENIED/);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('can load no further module, and no inner part of Node', async () => {
    for (const name of ['node:http', 'node:net', '@napi-rs/canvas', 'data:text/javascript,1']) {
      expect(await attack('import', name)).toMatch(/^refused: .*sealed/);
    }
    expect(await attack('builtin', 'net')).toMatch(/^refused: .*sealed/);
    expect(await attack('binding', 'tcp_wrap')).toMatch(/^refused/);
  });

  it('can evaluate no text as code', async () => {
    expect(await attack('evaluate')).toMatch(/^refused: .*EvalError/);
  });

  it('sees an empty environment', async () => {
    expect(await attack('environment')).toBe('done: {}');
  });

  it('has no fetch', async () => {
    expect(await attack('fetch', `http://127.0.0.1:${port}`)).toMatch(/^refused/);
  });

  it('can end no process of ours', async () => {
    expect(await attack('kill', String(process.pid))).toMatch(/^refused/);
  });

  it('reaches no network, and holds no socket, even where the kernel does not help', async () => {
    for (const host of [probeHost(), NO_WRAPPERS]) {
      expect(await attack('connect', port, { host })).toMatch(/^refused: .*sealed/);
      expect(await attack('lookup', 'localhost', { host })).toMatch(/^refused: .*sealed/);
      expect(await attack('streams', '', { host })).toBe('done: undefined');
    }
  });

  const withNamespace = probeHost().unshare ? it : it.skip;

  withNamespace(
    'reaches no network by a function it kept: the kernel has none for it',
    async () => {
      expect(await attack('keptConnect', port)).toMatch(
        /^refused: (ENETUNREACH|ECONNREFUSED|EACCES)/,
      );
    },
  );

  it('could reach it by that function without the namespace, so the test above can fail', async () => {
    expect(await attack('keptConnect', port, { host: NO_WRAPPERS })).toBe('done: connected');
  });
});

describe('limits of the child', () => {
  it('are of time: the reader is killed', async () => {
    const start = performance.now();
    await expect(attack('spin', '', { limits: { timeMs: 1_500 } })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('are of the heap', async () => {
    const limits = { memoryBytes: 256 * 1024 * 1024 };
    expect(await attack('environment', '', { limits })).toBe('done: {}');
    await expect(attack('heap', '', { limits })).rejects.toMatchObject({ code: 'out_of_memory' });
  });

  it('are of memory outside the heap, with and without the help of the kernel', async () => {
    const limits = { memoryBytes: 256 * 1024 * 1024 };
    for (const host of [probeHost(), NO_WRAPPERS]) {
      await expect(attack('buffers', '', { limits, host })).rejects.toMatchObject({
        code: 'out_of_memory',
      });
    }
  });

  it('are of output', async () => {
    const limits = { outputBytes: 1_000_000 };
    await expect(attack('shout', '', { limits })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('an answer of another shape, none, or a crash is a broken document', async () => {
    for (const name of ['lie', 'silence', 'crash']) {
      await expect(attack(name)).rejects.toMatchObject({ code: 'broken' });
    }
  });

  it('INP-05: one that somebody else kills says nothing of the document, which is kept', async () => {
    const children = (): string[] =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    for (const host of [probeHost(), NO_WRAPPERS]) {
      const before = children();
      const reading = attack('spin', '', { host }).catch((error: unknown) => error);
      await setTimeout(500);
      const [pid] = children().filter((one) => !before.includes(one));
      process.kill(Number(pid), 'SIGKILL');
      const error = await reading;
      expect(error).not.toBeInstanceOf(ParseError);
      expect(String(error)).toContain('SIGKILL from outside');
    }
  });

  it('a caller who gives up ends it at once', async () => {
    const signal = AbortSignal.timeout(700);
    await expect(attack('spin', '', { signal })).rejects.toThrow('timeout');
  });
});

describe('parseInChild', () => {
  const request = async (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    await writeFile(file, content);
    return { path: file, mediaType: MEDIA_TYPES[name.split('.')[1] as keyof typeof MEDIA_TYPES] };
  };

  it('refuses a file larger than allowed before it starts anything', async () => {
    const large = await request('large.txt', 'x'.repeat(2_000));
    await expect(parseInChild({ ...large, limits: { fileBytes: 1_000 } })).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('refuses a media type that it does not know', async () => {
    const strange = { ...(await request('a.txt', 'x')), mediaType: 'image/png' };
    await expect(parseInChild(strange)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('hands on what the reader found wrong', async () => {
    await expect(parseInChild(await request('empty.md', ' '))).rejects.toMatchObject({
      code: 'empty',
      detail: 'The document holds no text. Upload one that does.',
    });
  });

  it('reads every kind of program it needs: a PDF loads the largest', async () => {
    const pdf = buildPdf({ pages: [[{ x: 60, y: 700, text: 'The rule of the house is short.' }]] });
    const document = await parseInChild(await request('rule.pdf', pdf));
    expect(document).toMatchObject({ pages: 1, language: 'en' });
    expect(document.blocks[0]?.text).toBe('The rule of the house is short.');
  });

  it('reads as well where the host offers no wrapper', async () => {
    const document = await parseInChild({
      ...(await request('b.md', '# Hi\n\nText.')),
      host: NO_WRAPPERS,
    });
    expect(document.title).toBe('Hi');
  });
});

describe('describeSandbox', () => {
  it('says which layers a host refuses, and why that matters', () => {
    const { layers } = describeSandbox(NO_WRAPPERS);
    expect(layers.filter(({ active }) => !active).map(({ layer }) => layer)).toEqual([
      'kernel_limits',
      'no_new_privileges',
      'network_namespace',
    ]);
    expect(layers.at(-1)?.detail).toContain('only Node itself');
  });
});
