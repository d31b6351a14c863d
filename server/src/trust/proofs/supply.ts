import type { ControlProof } from './control-proof.ts';

/** What goes into a release, and who may change it. */
export const supplyProofs: readonly ControlProof[] = [
  {
    control: 'SUP-01',
    gates: ['secrets', 'licences', 'lint', 'types', 'schema', 'audit', 'unit', 'db', 'journeys'],
    tests: [
      {
        file: 'scripts/audit/audit.test.ts',
        titles: [
          'SUP-01: refuses a part that an advisory is about',
          'SUP-01: refuses what nobody rated',
          'SUP-01: believes an exception only with its reason',
          'SUP-01: an empty, an old and a broken database are no audit',
          'SUP-01: knows all that ships',
          'SUP-01: the command fails on a database that tells of a part',
        ],
      },
      {
        file: 'scripts/schema/scan-migrations.test.ts',
        titles: [
          'SUP-01: refuses a table without row security',
          'SUP-01: refuses a grant to PUBLIC',
          'SUP-01: refuses a definer function without a search path',
          'SUP-01: the command ends with 1 at a bad file',
        ],
      },
      {
        file: 'scripts/licences/check-licences.test.ts',
        titles: ['SUP-01: refuses a package under the GPL'],
      },
      {
        file: 'scripts/secrets/hook.test.ts',
        titles: ['SEC-01: refuses a commit that carries a secret'],
      },
      {
        file: 'scripts/test/run-gate.test.ts',
        titles: ['SUP-01: does not pass a check that says it could not do its work'],
      },
    ],
    pages: ['docs/supply-chain.md'],
  },
  {
    control: 'SUP-02',
    gates: ['lock'],
    tests: [
      {
        file: 'scripts/packages/find-loose.test.ts',
        titles: [
          'SUP-02: refuses a package without its checksum',
          'SUP-02: every dependency of ours is an exact version',
          'SUP-02: every component has the SHA-256',
        ],
      },
      {
        file: 'scripts/images/tar.test.ts',
        titles: ['SUP-02: stand on another base only if it has the digest that was named'],
      },
      {
        file: 'installer/src/bundle/create/sbom.test.ts',
        titles: ['DEP-05: names every part with its version, licence and checksum in both forms'],
      },
      {
        file: 'installer/src/bundle/provenance.test.ts',
        titles: [
          'SUP-02: is refused under another key',
          'SUP-02: names the sources and every component',
          'SUP-02: openssl verifies the same signature',
        ],
      },
    ],
    pages: ['docs/supply-chain.md'],
  },
  {
    control: 'SUP-03',
    tests: [
      {
        file: 'scripts/hooks/protect-main.test.ts',
        titles: [
          'SUP-03: refuses a commit that nobody signed',
          'SUP-03: refuses a signed commit on top of one that is not',
          'SUP-03: takes a signed one, and lets nobody rewrite or remove it',
          'SUP-03: refuses everything where the list of signers is lost',
        ],
      },
      {
        file: 'scripts/updates/propose-updates.test.ts',
        titles: [
          'SUP-03: propose nothing older',
          'SUP-03: name the advisories that an update ends',
        ],
      },
    ],
    pages: ['docs/supply-chain.md'],
    partly: 'the list of updates is made by a command that a timer of the site has to run.',
  },
];
