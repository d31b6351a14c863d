import { readFile } from 'node:fs/promises';
import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { unpackFiles, type BundleFile } from '../archive.ts';
import { bundleTable } from '../bundle-table.ts';
import type { RedactionReport } from '../make-bundle.ts';

/** Lists a bundle, or prints one file of it as it would leave. */
export async function show({ words, answer }: CommandCall): Promise<ExitName> {
  const [, bundle, name] = words;
  if (bundle === undefined)
    throw new Fault('Which bundle?', {
      next: 'casemate support show BUNDLE [FILE]',
      code: 'usage',
    });
  const files = unpackFiles(await readBundle(bundle));
  if (name === undefined) {
    const report = JSON.parse(find(files, 'redaction.json').text) as RedactionReport;
    answer(bundleTable(report), report);
    return 'ok';
  }
  const { path, text } = find(files, name);
  answer(text.trimEnd(), { path, text });
  return 'ok';
}

function find(files: readonly BundleFile[], name: string): BundleFile {
  const found = files.find(({ path }) => path === name);
  if (found) return found;
  throw new Fault(`There is no ${name} in it`, {
    next: `It holds: ${files.map(({ path }) => path).join(', ')}.`,
    code: 'usage',
  });
}

async function readBundle(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new Fault(`${file} can't be read`, { code: 'usage', cause });
  });
}
