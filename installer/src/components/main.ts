/**
 * Brings components into the cache: `node main.ts [--json] [--bundle DIR] [--vendor-base URL]
 * [--sources a,b] NAME…|all`. Answers on stdout, the rest on stderr.
 */
import { parseArgs } from 'node:util';
import { defaultCacheDir, ensureComponent, readLock } from './index.ts';
import type { Component, ComponentEvent, ComponentName, SourceName } from './index.ts';
import { messageOf } from './message-of.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    bundle: { type: 'string' },
    'vendor-base': { type: 'string' },
    sources: { type: 'string' },
  },
});
const known = Object.keys(readLock()) as ComponentName[];
const names = positionals.includes('all') ? known : (positionals as ComponentName[]);
const unknown = names.filter((name) => !known.includes(name));
if (names.length === 0 || unknown.length > 0) {
  say(`${unknown.join(', ') || 'No component'}: name some of ${known.join(' ')}, or all`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}

try {
  const brought: (Component & { seconds: number })[] = [];
  for (const name of names) {
    const started = performance.now();
    const component = await ensureComponent(name, {
      cacheDir: defaultCacheDir(process.env),
      report: print,
      signal: stop.signal,
      ...(values.bundle !== undefined && { bundleDir: values.bundle }),
      ...(values['vendor-base'] !== undefined && { vendorBase: values['vendor-base'] }),
      ...(values.sources && { sources: values.sources.split(',') as SourceName[] }),
    });
    const seconds = Math.round(performance.now() - started) / 1000;
    brought.push({ ...component, seconds });
    const { version, source, dir } = component;
    if (!values.json)
      process.stdout.write(`${name} ${version} from ${source} in ${seconds} s: ${dir}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(brought, null, 2)}\n`);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

function print({ kind, text, done, total, unit }: ComponentEvent): void {
  const of = total === undefined ? '' : ` of ${total}`;
  const amount = done === undefined ? '' : ` ${done}${of} ${unit ?? ''}`;
  say(`${kind === 'warn' ? 'warning: ' : '  '}${text}${amount}`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
