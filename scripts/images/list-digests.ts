import type { Built } from './build-images.ts';

/** For compose: every image by the digest of its configuration, which no name can be moved to. */
export function listEnvironment(built: readonly Built[]): string {
  const lines = built.map(
    ({ name, image }) => `CASEMATE_${name.toUpperCase()}_IMAGE=${image.config.digest}`,
  );
  return `# Written by scripts/images/main.ts.\n${lines.join('\n')}\n`;
}

/** For the chart and for registries: the digest of each manifest. */
export function listDigests(built: readonly Built[]): Record<string, object> {
  return Object.fromEntries(
    built.map(({ name, image, compressedBytes }) => [
      name,
      {
        repository: image.name,
        tag: image.tag,
        digest: image.manifest.digest,
        id: image.config.digest,
        compressedBytes,
      },
    ]),
  );
}
