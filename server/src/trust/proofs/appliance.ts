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
    partly: 'the journey of an upgrade has not passed as a whole.',
  },
  {
    control: 'DEP-07',
    live: 1,
    host: ['way-out'],
    tests: [
      {
        file: 'installer/src/egress/judge.test.ts',
        titles: [
          'DEP-07: is invalid when the connection of a canary was not counted',
          'DEP-07: is invalid when the name of a canary was not written down',
          'DEP-07: is invalid without a canary at all',
          'DEP-07: tells a packet by account and destination',
          'DEP-07: tells a name that was asked for',
          'DEP-07: is silent when nothing but canaries left',
        ],
      },
      {
        file: 'installer/src/egress/watched-network.test.ts',
        titles: [
          'DEP-07: catches its canary, and a program that calls home',
          'DEP-07: is blind without its counters',
        ],
      },
      {
        file: 'installer/src/egress/deny-rules.test.ts',
        titles: [
          'DEP-07: without them a service reaches the outside',
          'DEP-07: with them it is refused at once',
          'DEP-07: with them it answers those who call',
          'DEP-07: a declared peer is reached',
        ],
      },
      {
        file: 'installer/src/trust/host-checks/way-out.test.ts',
        titles: [
          'DEP-07: fails when an account gets out',
          'DEP-07: holds when every try was refused',
        ],
      },
      {
        file: 'server/src/trust/egress/egress.db.test.ts',
        titles: [
          'DEP-07: nothing counted yet is no proof',
          'DEP-07: one that says other than its figures is refused',
          'DEP-07: fails when something left',
          'DEP-07: fails when a canary got out unseen',
          'DEP-07: holds for a silent one as it was signed',
        ],
      },
      {
        file: 'scripts/web/find-outside-origins.test.ts',
        titles: ['DEP-07: finds an address of another origin', 'DEP-07: a built page that loads'],
      },
    ],
    // Its last step reads the built dashboard.
    gates: ['build'],
    pages: ['docs/egress.md'],
  },
  {
    control: 'DEP-08',
    tests: [
      {
        file: 'installer/src/doctor/examine.test.ts',
        titles: [
          'DEP-08: finds a component that is down and says how to mend it',
          'DEP-08: answers, even when everything is away',
        ],
      },
      {
        file: 'installer/src/doctor/mends/mends.test.ts',
        titles: [
          'DEP-08: does nothing that was not agreed to',
          'DEP-08: takes rights away, removes leftovers, and starts last',
          'DEP-08: refuse a link, and a second name of another file',
          'DEP-08: are not what lives, or is being written',
        ],
      },
      {
        file: 'installer/src/support/redact/redactor.test.ts',
        titles: [
          'DEP-08: hides no known secret, in any notation',
          'DEP-08: is the same for the same, and another for another',
          'DEP-08: fails on a redactor that does nothing',
          'DEP-08: fails on one that does not know the tenants',
          'DEP-08: finds nothing behind the redactor, in any input',
          'DEP-08: and the last look finds what is known',
        ],
      },
      {
        file: 'installer/src/support/make-bundle.test.ts',
        titles: [
          'DEP-08: is not written when the redaction lets something known through',
          'DEP-08: is refused when a byte of it was changed',
        ],
      },
      {
        file: 'installer/tests/support.slow.journey.test.ts',
        titles: [
          'DEP-08: holds no secret, no name and no canary',
          'DEP-08: has plans of statements of tenants and of the platform, and not one value',
          'DEP-08: starts what is stopped, closes what is open, removes what is left, once',
        ],
      },
    ],
    pages: ['docs/support.md'],
  },
  {
    control: 'RES-04',
    host: ['kept-backups'],
    tests: [
      {
        file: 'installer/tests/backup.slow.journey.test.ts',
        titles: [
          'RES-04: without the seal key in escrow a backup calls itself incomplete',
          'RES-04: is refused inside what it saves, and where the private key would be lost',
          'RES-04: saves a running instance whole',
          'RES-04: killed anywhere, leaves no half backup in the list, and none in the way',
          'RES-04: nothing of the target shows what is in it',
          'RES-04: a drill restores it where the originals are not, and asks it',
          'RES-04: refuses another key, and none',
          'RES-04: refuses a repository that was cut, and leaves nothing behind',
          'RES-04: refuses a repository that was altered, and leaves nothing behind',
          'RES-04: begins anew after a kill at any step, and ends with the rows as they were noted',
          'RES-04: goes on being backed up',
        ],
      },
      {
        file: 'installer/src/trust/host-checks/kept-backups.test.ts',
        titles: [
          'RES-04: fails when the last is older than twice its plan',
          'RES-04: fails when the repository does not hold what was noted',
          'RES-04: fails when the escrow is not in the target',
          'RES-04: fails when the last drill failed',
          'RES-04: holds for a fresh backup that is there and was drilled',
        ],
      },
      {
        file: 'server/src/app/restore-tenant.db.test.ts',
        titles: [
          'RES-04: rows that are lacking, or too many, are noticed before the end',
          'RES-04: is as it was, to the row; the other tenant and its own audit log are untouched',
          'RES-04: as a new tenant its fields open under its own keys alone',
        ],
      },
    ],
    pages: ['docs/backup.md'],
  },
  {
    control: 'OBS-01',
    live: 1,
    tests: [
      {
        file: 'server/src/observability/rules.test.ts',
        titles: [
          'OBS-01: the file is what the table says',
          'OBS-01: every alert has its page',
          'OBS-01: every metric of a rule or a dashboard exists',
          'OBS-01: attacks and broken promises are among them',
        ],
      },
      {
        file: 'server/src/observability/evaluate-alerts.test.ts',
        titles: [
          'OBS-01: tells of a gauge once it has lasted',
          'OBS-01: counts the growth of a counter',
        ],
      },
      {
        file: 'server/src/observability/watch.http.test.ts',
        titles: [
          'OBS-01: one mail is sent when a part is down',
          'OBS-01: a relay that offers no TLS gets neither',
          'OBS-01: no metric of a working server names a tenant',
          'OBS-01: the overview is for administrators of the platform alone',
        ],
      },
      { file: 'server/src/observability/metric-labels.test.ts', titles: ['OBS-01: finds'] },
      {
        file: 'server/src/platform/syslog.test.ts',
        titles: ['OBS-01: reach a receiver over TCP', 'OBS-01: a receiver that is away'],
      },
      {
        file: 'server/src/app/tracing.http.test.ts',
        titles: ['OBS-01: go to the collector with what a request did'],
      },
    ],
    pages: ['docs/observability.md'],
  },
];
