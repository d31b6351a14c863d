import { createHash } from 'node:crypto';
import type { BundledComponent } from '../manifest.ts';
import type { ShippedPackage } from './stage-components.ts';

export type SbomInput = {
  version: string;
  released: string;
  components: readonly BundledComponent[];
  packages: readonly ShippedPackage[];
};

type Part = {
  ref: string;
  name: string;
  version: string;
  licence: string;
  purl: string;
  algorithm: 'SHA-256' | 'SHA-512';
  digest: string | null;
};

/** CycloneDX 1.6. Nothing in it depends on when or where it was made. */
export function cycloneDx(input: SbomInput): string {
  const parts = listParts(input);
  const root = `pkg:generic/casemate@${input.version}`;
  return json({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(json(parts))}`,
    version: 1,
    metadata: {
      timestamp: input.released,
      component: {
        'bom-ref': root,
        type: 'application',
        name: 'casemate',
        version: input.version,
        licenses: [{ expression: 'Apache-2.0' }],
      },
    },
    components: parts.map((part) => ({
      'bom-ref': part.ref,
      type: part.name.startsWith('model-') ? 'machine-learning-model' : 'library',
      name: part.name,
      version: part.version,
      ...(part.licence === 'NOASSERTION' ? {} : { licenses: [{ expression: part.licence }] }),
      purl: part.purl,
      ...(part.digest ? { hashes: [{ alg: part.algorithm, content: part.digest }] } : {}),
    })),
    dependencies: [{ ref: root, dependsOn: parts.map(({ ref }) => ref) }],
  });
}

/** SPDX 2.3, of the same parts. */
export function spdx(input: SbomInput): string {
  const parts = listParts(input);
  const id = (ref: string) => `SPDXRef-${ref.replace(/[^A-Za-z0-9.-]+/g, '-')}`;
  const root = 'SPDXRef-casemate';
  const shared = { downloadLocation: 'NOASSERTION', filesAnalyzed: false };
  return json({
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `casemate-${input.version}`,
    documentNamespace: `urn:uuid:${uuidOf(json(parts))}`,
    creationInfo: { created: input.released, creators: ['Tool: casemate-bundle'] },
    packages: [
      {
        ...{ SPDXID: root, name: 'casemate', versionInfo: input.version, ...shared },
        licenseConcluded: 'Apache-2.0',
        licenseDeclared: 'Apache-2.0',
      },
      ...parts.map((part) => ({
        ...{ SPDXID: id(part.ref), name: part.name, versionInfo: part.version, ...shared },
        licenseConcluded: part.licence,
        licenseDeclared: part.licence,
        ...(part.digest
          ? {
              checksums: [
                { algorithm: part.algorithm.replace('-', ''), checksumValue: part.digest },
              ],
            }
          : {}),
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: part.purl,
          },
        ],
      })),
    ],
    relationships: [
      relationship('SPDXRef-DOCUMENT', 'DESCRIBES', root),
      ...parts.map(({ ref }) => relationship(root, 'CONTAINS', id(ref))),
    ],
  });
}

function relationship(from: string, type: string, to: string) {
  return { spdxElementId: from, relationshipType: type, relatedSpdxElement: to };
}

function listParts({ components, packages }: SbomInput): Part[] {
  const programs = components.map(({ name, version, licence, sha256 }): Part => {
    const purl = `pkg:generic/${name}@${version}`;
    return { ref: purl, name, version, licence, purl, algorithm: 'SHA-256', digest: sha256 };
  });
  const libraries = packages.map(({ name, version, licence, integrity }): Part => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const base64 = integrity?.startsWith('sha512-') ? integrity.slice(7) : null;
    const digest = base64 ? Buffer.from(base64, 'base64').toString('hex') : null;
    return { ref: purl, name, version, licence, purl, algorithm: 'SHA-512', digest };
  });
  return [...programs, ...libraries];
}

/** The same text gives the same UUID (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
