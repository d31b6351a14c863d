import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ComponentName } from '../../installer/src/components/index.ts';
import { accounts } from './accounts.ts';
import { shellEntries } from './base-layer.ts';
import { collectTree, foldersAbove, oneFile } from './collect-tree.ts';
import type { ImageSettings } from './image.ts';
import type { TarEntry } from './tar.ts';

export const imageNames = ['server', 'postgresql', 'openbao', 'ollama'] as const;
export type ImageName = (typeof imageNames)[number];

export type Inputs = {
  checkoutDir: string;
  cacheDir: string;
  /** Where the components and the built server lie. */
  dirs: Record<ComponentName, string>;
  serverDir: string;
};

export type Recipe = {
  title: string;
  licences: string;
  layers: (inputs: Inputs) => readonly { from: string; entries: TarEntry[] }[];
  settings: Omit<ImageSettings, 'labels'>;
};

export const NODE = '/casemate/node/bin/node';
const PART = '/casemate/installer/src/containers/main.ts';
const QUIET = '--disable-warning=ExperimentalWarning';
const part = (...words: string[]) => [NODE, QUIET, PART, ...words];

const userOf = (account: keyof typeof accounts): string =>
  `${accounts[account]}:${accounts[account]}`;

export const recipes: Readonly<Record<ImageName, Recipe>> = {
  server: {
    title: 'Casemate: server, provisioner and migrator',
    licences: 'Apache-2.0',
    layers: (inputs) => [{ from: 'casemate server', entries: serverEntries(inputs) }],
    settings: {
      user: userOf('server'),
      entrypoint: [NODE, QUIET],
      command: ['--enable-source-maps', '/casemate/server/dist/main.js', 'serve'],
      ports: [8443, 8080],
      health: part('health', 'server'),
    },
  },
  postgresql: {
    title: 'PostgreSQL with pgvector, for Casemate',
    licences: 'PostgreSQL',
    layers: (inputs) => [
      { from: 'postgresql', entries: postgresqlEntries(inputs) },
      { from: 'casemate installer', entries: installerEntries(inputs) },
    ],
    settings: {
      user: userOf('database'),
      entrypoint: part(),
      command: ['postgresql'],
      ports: [5432],
      health: part('health', 'postgresql'),
    },
  },
  openbao: {
    title: 'OpenBao, for Casemate',
    licences: 'MPL-2.0',
    layers: (inputs) => [
      { from: 'openbao', entries: openbaoEntries(inputs) },
      { from: 'casemate installer', entries: installerEntries(inputs) },
    ],
    settings: {
      user: userOf('keys'),
      entrypoint: part(),
      command: ['openbao'],
      ports: [8200, 8201],
      health: part('health', 'openbao'),
    },
  },
  ollama: {
    title: 'Ollama with two small models, for Casemate',
    licences: 'MIT AND Apache-2.0',
    layers: (inputs) => [
      { from: 'ollama', entries: ollamaEntries(inputs.dirs.ollama) },
      { from: 'models', entries: modelEntries(inputs.dirs) },
      { from: 'casemate installer', entries: installerEntries(inputs) },
    ],
    settings: {
      user: userOf('models'),
      entrypoint: part(),
      command: ['ollama'],
      ports: [11434],
      health: part('health', 'ollama'),
    },
  },
};

function serverEntries(inputs: Inputs): TarEntry[] {
  const { serverDir } = inputs;
  const foreign = /node_modules\/bcrypt\/prebuilds\/(?!linux-x64(\/bcrypt\.glibc\.node)?$)/;
  const built = collectTree({
    from: path.join(serverDir, 'server'),
    to: 'casemate/server',
    keep: (file) => !foreign.test(file),
  });
  const { sources } = JSON.parse(
    readFileSync(path.join(serverDir, 'casemate-server.json'), 'utf8'),
  ) as { sources: string };
  return [
    ...built,
    ...collectTree({ from: path.join(serverDir, 'web'), to: 'casemate/web' }),
    {
      path: 'casemate/casemate-server.json',
      kind: 'file',
      mode: 0o644,
      content: `${JSON.stringify({ sources })}\n`,
    },
    ...installerEntries(inputs),
  ];
}

/** The same code that installs on a host prepares the parts in their containers. */
function installerEntries({ checkoutDir }: Pick<Inputs, 'checkoutDir'>): TarEntry[] {
  const unneeded =
    /\.test\.ts$|\.sabotage\.json$|(^|\/)(testing|test-parts|doctor|preflight)(\/|$)/;
  return [
    ...collectTree({
      from: path.join(checkoutDir, 'installer/src'),
      to: 'casemate/installer/src',
      keep: (file) => !unneeded.test(file),
    }),
    ...oneFile(path.join(checkoutDir, 'installer/package.json'), 'casemate/installer/package.json'),
    ...oneFile(
      path.join(checkoutDir, 'server/migrations/bootstrap.sql'),
      'casemate/server/migrations/bootstrap.sql',
    ),
    ...oneFile(path.join(checkoutDir, 'LICENSE'), 'casemate/LICENSE'),
  ];
}

function postgresqlEntries({ dirs, cacheDir }: Inputs): TarEntry[] {
  const unneeded =
    /\.py$|__pycache__|pginstall\/(include|share\/(doc|man)|lib\/pkgconfig)(\/|$)|\.a$/;
  return [
    ...collectTree({
      from: dirs.postgresql,
      to: 'casemate/postgresql',
      keep: (file) => !unneeded.test(file),
    }),
    ...shellEntries(cacheDir),
  ];
}

function openbaoEntries({ dirs }: Inputs): TarEntry[] {
  return [...collectTree({ from: dirs.openbao, to: 'casemate/openbao' })];
}

function ollamaEntries(dir: string): TarEntry[] {
  return [...collectTree({ from: dir, to: 'casemate/ollama' })];
}

function modelEntries(dirs: Inputs['dirs']): TarEntry[] {
  return [
    ...foldersAbove('casemate/models/x'),
    ...collectTree({ from: dirs['model-chat'], to: 'casemate/models/chat' }),
    ...collectTree({ from: dirs['model-embed'], to: 'casemate/models/embed' }),
  ];
}
