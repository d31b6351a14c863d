import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureComponent, type ComponentName } from '../../installer/src/components/index.ts';
import { buildServer } from '../../installer/src/server-build/build-server.ts';
import { checksumSources } from '../../installer/src/server-build/checksum-sources.ts';
import { baseEntries } from './base-layer.ts';
import { collectTree } from './collect-tree.ts';
import { recipes, type ImageName, type Inputs } from './image-table.ts';
import { archiveOf, makeImage, type Image } from './image.ts';
import { makeLayer, type Layer } from './layer.ts';
import { readBase } from './read-base.ts';

export type Request = {
  names: readonly ImageName[];
  checkoutDir: string;
  cacheDir: string;
  outDir: string;
  version: string;
  /** `FILE@sha256:…`: an archive of one image to stand on instead of ours, and its digest. */
  base: string | undefined;
  say: (text: string) => void;
};

export type Built = { name: ImageName; image: Image; file: string; compressedBytes: number };

const NEEDS: Readonly<Record<ImageName, readonly ComponentName[]>> = {
  server: ['node'],
  postgresql: ['node', 'postgresql'],
  openbao: ['node', 'openbao'],
  ollama: ['node', 'ollama', 'model-chat', 'model-embed'],
};

/** Builds images and writes an archive of each; the same inputs give the same bytes. */
export async function buildImages(request: Request): Promise<Built[]> {
  const { names, outDir, say } = request;
  mkdirSync(outDir, { recursive: true });
  const inputs = await gatherInputs(request);
  const base = request.base
    ? readBase(request.base)
    : [makeLayer('base', baseEntries(request.cacheDir))];
  const shared = [...base, makeLayer('node', nodeEntries(inputs))];
  return names.map((name) => {
    say(`building ${name}`);
    const image = buildOne(name, { request, inputs, shared });
    const file = path.join(outDir, `casemate-${name}.tar`);
    writeFileSync(file, archiveOf([image]));
    const compressedBytes = image.layers.reduce((sum, { content }) => sum + content.length, 0);
    return { name, image, file, compressedBytes };
  });
}

type Shared = { request: Request; inputs: Inputs; shared: readonly Layer[] };

function buildOne(name: ImageName, { request, inputs, shared }: Shared): Image {
  const { title, licences, layers, settings } = recipes[name];
  const own = layers(inputs).map(({ from, entries }) => makeLayer(from, entries));
  const labels = {
    'org.opencontainers.image.title': title,
    'org.opencontainers.image.version': request.version,
    'org.opencontainers.image.licenses': licences,
    'org.opencontainers.image.vendor': 'Casemate',
    'org.opencontainers.image.base.digest': shared[0]?.digest ?? '',
  };
  return makeImage({
    name: `casemate-${name}`,
    tag: request.version,
    layers: [...shared, ...own],
    settings: {
      ...settings,
      env: { NODE_ENV: 'production', PATH: '/casemate/node/bin' },
      labels,
    },
  });
}

function nodeEntries({ dirs }: Inputs) {
  const keep = (file: string) => /^(bin(\/node)?|LICENSE)$/.test(file);
  return collectTree({ from: dirs.node, to: 'casemate/node', keep });
}

async function gatherInputs({ names, checkoutDir, cacheDir, say }: Request): Promise<Inputs> {
  const dirs = {} as Inputs['dirs'];
  for (const name of new Set(names.flatMap((image) => NEEDS[image]))) {
    const report = ({ text }: { text: string }) => say(`  ${text}`);
    dirs[name] = (await ensureComponent(name, { cacheDir, report })).dir;
  }
  const serverDir = names.includes('server')
    ? await findServer({ checkoutDir, cacheDir, node: path.join(dirs.node, 'bin/node'), say })
    : '';
  return { checkoutDir, cacheDir, dirs, serverDir };
}

type Wanted = Pick<Request, 'checkoutDir' | 'cacheDir' | 'say'> & { node: string };

/** Built once for the same sources, in the same place as an installation's. */
async function findServer({ checkoutDir, cacheDir, node, say }: Wanted): Promise<string> {
  const lock = JSON.parse(
    readFileSync(path.join(checkoutDir, 'installer/src/components/components.lock.json'), 'utf8'),
  ) as { node: { version: string } };
  const { version } = JSON.parse(readFileSync(path.join(checkoutDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const checksum = await checksumSources(checkoutDir, lock.node.version);
  const target = path.join(cacheDir, 'servers', `server-${version}-${checksum.slice(0, 16)}`);
  if (!existsSync(path.join(target, 'casemate-server.json')))
    await buildServer({ checkoutDir, target, node, checksum, progress: say });
  return target;
}
