import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { digestOf, type Layer } from './layer.ts';

type Manifest = { layers: { digest: string }[] };

/**
 * The layers of a base image of the site's own, out of an OCI archive (`skopeo copy … oci-archive:`).
 * `FILE@sha256:…` names the manifest that must be in it; any other is refused.
 */
export function readBase(named: string): Layer[] {
  const [, file = '', digest = ''] = /^(.+)@(sha256:[0-9a-f]{64})$/.exec(named) ?? [];
  if (file === '') throw new Error('Name the base as FILE@sha256:DIGEST of its manifest');
  const manifest = JSON.parse(readBlob(file, digest).toString('utf8')) as Manifest;
  return manifest.layers.map((layer, at) => {
    const content = readBlob(file, layer.digest);
    const tar = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
    return {
      from: `base ${digest} ${at + 1}`,
      diffId: digestOf(tar),
      digest: layer.digest,
      content,
    };
  });
}

function readBlob(file: string, digest: string): Buffer {
  const content = execFileSync(
    'tar',
    ['--extract', '--to-stdout', '--file', file, `blobs/${digest.replace(':', '/')}`],
    { maxBuffer: 2 ** 31, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  if (digestOf(content) === digest) return content;
  throw new Error(`${file} holds other bytes under ${digest}: it is not the base that you named`);
}
