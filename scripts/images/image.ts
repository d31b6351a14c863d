import { digestOf, type Blob, type Layer } from './layer.ts';
import { writeTar } from './tar.ts';

/** What an engine does with an image (the OCI configuration, and Docker's health check). */
export type ImageSettings = {
  user: string;
  entrypoint: readonly string[];
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  volumes?: readonly string[];
  ports?: readonly number[];
  stopSignal?: string;
  health?: readonly string[];
  labels: Readonly<Record<string, string>>;
};

export type Image = {
  name: string;
  tag: string;
  layers: readonly Layer[];
  config: Blob;
  manifest: Blob;
};

const MEDIA = 'application/vnd.oci.image';
/** The same bytes whenever it is built; the labels say of what. */
const CREATED = '1970-01-01T00:00:00Z';
const SECOND = 1_000_000_000;

type Made = { name: string; tag: string; layers: readonly Layer[]; settings: ImageSettings };

export function makeImage({ name, tag, layers, settings }: Made): Image {
  const config = toBlob(configOf(layers, settings));
  const manifest = toBlob({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: describe(config, `${MEDIA}.config.v1+json`),
    layers: layers.map((layer) => describe(layer, `${MEDIA}.layer.v1.tar+gzip`)),
    annotations: settings.labels,
  });
  return { name, tag, layers, config, manifest };
}

/**
 * An archive of images that every engine loads: an OCI layout, and beside it the list that
 * `docker load` reads. Both name the same blobs.
 */
export function archiveOf(images: readonly Image[]): Buffer {
  const blobs = new Map<string, Buffer>();
  for (const { layers, config, manifest } of images)
    for (const { digest, content } of [...layers, config, manifest]) blobs.set(digest, content);
  const index = {
    schemaVersion: 2,
    manifests: images.map(({ name, tag, manifest }) => ({
      ...describe(manifest, `${MEDIA}.manifest.v1+json`),
      annotations: {
        'io.containerd.image.name': `docker.io/library/${name}:${tag}`,
        'org.opencontainers.image.ref.name': tag,
      },
    })),
  };
  const list = images.map(({ name, tag, layers, config }) => ({
    Config: fileOf(config.digest),
    RepoTags: [`${name}:${tag}`],
    Layers: layers.map(({ digest }) => fileOf(digest)),
  }));
  const file = (path: string, content: Buffer | string) =>
    ({ path, kind: 'file', mode: 0o644, content }) as const;
  return writeTar([
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    file('index.json', JSON.stringify(index)),
    file('manifest.json', JSON.stringify(list)),
    { path: 'blobs', kind: 'folder', mode: 0o755 },
    { path: 'blobs/sha256', kind: 'folder', mode: 0o755 },
    ...[...blobs].map(([digest, content]) => file(fileOf(digest), content)),
  ]);
}

function configOf(layers: readonly Layer[], settings: ImageSettings): object {
  const { user, entrypoint, command, env = {}, volumes = [], ports = [], health } = settings;
  const asSet = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  return {
    created: CREATED,
    architecture: 'amd64',
    os: 'linux',
    config: {
      User: user,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: entrypoint,
      Cmd: command,
      WorkingDir: '/',
      Labels: settings.labels,
      ...(volumes.length > 0 ? { Volumes: asSet(volumes) } : {}),
      ...(ports.length > 0 ? { ExposedPorts: asSet(ports.map((port) => `${port}/tcp`)) } : {}),
      ...(settings.stopSignal ? { StopSignal: settings.stopSignal } : {}),
      ...(health
        ? {
            Healthcheck: {
              Test: ['CMD', ...health],
              Interval: 10 * SECOND,
              Timeout: 5 * SECOND,
              StartPeriod: 120 * SECOND,
              Retries: 3,
            },
          }
        : {}),
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ from }) => ({ created: CREATED, created_by: from })),
  };
}

const describe = ({ digest, content }: Blob, mediaType: string) => ({
  mediaType,
  digest,
  size: content.length,
});

function toBlob(value: object): Blob {
  const content = Buffer.from(JSON.stringify(value));
  return { digest: digestOf(content), content };
}

const fileOf = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
