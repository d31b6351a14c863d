import type { ControlProof } from './control-proof.ts';

/** The bundle, installation and upgrade. */
export const applianceProofs: readonly ControlProof[] = [
  {
    control: 'DEP-02',
    tests: [
      {
        file: 'installer/tests/offline.slow.journey.test.ts',
        titles: ['DEP-02: is verified by stock tools, installs, answers its first question'],
      },
    ],
  },
  {
    control: 'DEP-05',
    tests: [
      {
        file: 'installer/src/bundle/read-bundle.test.ts',
        titles: [
          'DEP-05: refuses a bundle with any one byte changed',
          'DEP-05: refuses a signer that nobody named',
          'DEP-05: refuses an archive that is cut short anywhere',
          'DEP-05: refuses swapped, missing and foreign parts',
          'DEP-05: refuses a file name that leads elsewhere',
          'DEP-05: verifies the unpacked folder',
          'DEP-05: no flag of any command skips the verification',
          'DEP-05: openssl and sha256sum find the same faults',
        ],
      },
      {
        file: 'installer/src/bundle/version-path.test.ts',
        titles: ['DEP-05: refuses a downgrade', 'DEP-05: refuses to leap over a stop'],
      },
      {
        file: 'installer/src/bundle/create/sbom.test.ts',
        titles: ['DEP-05: names every part with its version, licence and checksum in both forms'],
      },
    ],
    pages: ['docs/bundle.md'],
    partly: 'the journey of an upgrade from it has not passed as a whole.',
  },
  {
    control: 'DEP-06',
    tests: [
      { file: 'installer/src/upgrade/merge-settings.test.ts', titles: ['DEP-06:'] },
      { file: 'installer/src/upgrade/pending-migrations.test.ts', titles: ['DEP-06:'] },
    ],
    pages: ['docs/upgrade.md'],
    partly:
      'the scheduled restore drill comes with the backups, and the journey of an upgrade has not passed as a whole.',
  },
];
