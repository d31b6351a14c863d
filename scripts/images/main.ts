/**
 * Builds the images of the containers: `node scripts/images/main.ts [--out DIR] [--load]
 * [--base FILE@sha256:…] [NAME…]`. Writes an archive of each, and `images.env` and `images.json`
 * with their digests; `--load` hands them to the local engine. See docs/compose.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildImages } from './build-images.ts';
import { imageNames, type ImageName } from './image-table.ts';
import { listDigests, listEnvironment } from './list-digests.ts';

const checkoutDir = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: path.join(checkoutDir, 'compose/dist') },
    base: { type: 'string' },
    cache: { type: 'string', default: path.join(homedir(), '.cache/casemate') },
    load: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !imageNames.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(', ')}: name some of ${imageNames.join(' ')}\n`);
  process.exit(2);
}
const { version } = JSON.parse(readFileSync(path.join(checkoutDir, 'package.json'), 'utf8')) as {
  version: string;
};
const built = await buildImages({
  names: positionals.length > 0 ? (positionals as ImageName[]) : imageNames,
  checkoutDir,
  cacheDir: values.cache,
  outDir: values.out,
  version,
  base: values.base,
  say: (text) => process.stderr.write(`${text}\n`),
});
writeFileSync(path.join(values.out, 'images.env'), listEnvironment(built));
writeFileSync(
  path.join(values.out, 'images.json'),
  `${JSON.stringify(listDigests(built), null, 2)}\n`,
);
for (const { name, image, file, compressedBytes } of built) {
  if (values.load)
    execFileSync('docker', ['load', '--quiet', '--input', file], { stdio: 'ignore' });
  const megabytes = (compressedBytes / 1e6).toFixed(1);
  process.stdout.write(`${name} ${image.manifest.digest} ${megabytes} MB compressed: ${file}\n`);
}
