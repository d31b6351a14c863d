import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { textFlag } from '../../commands/command.ts';
import { defaultCacheDir } from '../../components/index.ts';
import { Fault } from '../../fault.ts';
import { reportFolder } from '../../trust/report-folder.ts';
import { formatDuration } from '../../terminal/terminal.ts';
import { createBundle } from '../create/create-bundle.ts';
import { parseSize } from '../parse-size.ts';
import type { Verb } from './verb.ts';

export const create: Verb = async (call) => {
  const keyFile = textFlag(call, 'key');
  if (keyFile === undefined)
    throw new Fault('A bundle must be signed: --key FILE', {
      next: 'Make a pair with `casemate bundle key --out DIR`.',
      code: 'usage',
    });
  const since = textFlag(call, 'since');
  const split = textFlag(call, 'split');
  const checkoutDir = path.resolve(import.meta.dirname, '../../../..');
  if (!existsSync(path.join(checkoutDir, 'package-lock.json')))
    throw new Fault('A bundle is made from a checkout', {
      why: 'This is the installed command, which has no sources beside it.',
      next: 'Run ./installer/bin/casemate bundle create in a checkout.',
      code: 'usage',
    });
  const cache = textFlag(call, 'cache-dir');
  const startedAt = performance.now();
  const step = call.reporter.step('Make the bundle');
  const made = await createBundle({
    checkoutDir,
    cacheDir: cache ? path.resolve(cache) : defaultCacheDir(call.env),
    reportDir: reportFolder(checkoutDir, call.env),
    outDir: path.resolve(textFlag(call, 'out') ?? '.'),
    privatePem: await read(keyFile),
    split: split === undefined ? null : parseSize(split),
    since: since === undefined ? null : await read(since),
    progress: step.progress,
  }).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done();
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const lines = [
    `${made.name}: ${made.files.length === 1 ? 'one file' : `${made.files.length} parts`}, ${Math.ceil(made.bytes / 1e6)} MB, in ${formatDuration(seconds * 1000)}`,
    ...made.files.map((file) => `  ${file}`),
    ...(made.omitted > 0 ? [`  without ${made.omitted} files of the earlier bundle`] : []),
    `Signed by ${made.fingerprint}`,
  ];
  call.answer(lines.join('\n'), { ...made, seconds });
  return 'ok';
};

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault(`${file} can't be read`, { why: (cause as Error).message, code: 'usage' });
  });
}
