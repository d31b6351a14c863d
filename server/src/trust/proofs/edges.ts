import type { ControlProof } from './control-proof.ts';

const headers = 'server/src/app/headers.http.test.ts';
const liveChecks = 'server/src/app/live-checks.http.test.ts';
const hostChecks = 'installer/src/trust/host-checks/host-checks.test.ts';

/** Network, headers, configuration, secrets, deployment, disclosure. */
export const edgeProofs: readonly ControlProof[] = [
  {
    control: 'NET-01',
    host: ['tls-handshakes'],
    tests: [
      {
        file: 'installer/src/trust/host-checks/tls-handshakes.test.ts',
        titles: [
          'NET-01: fails when the server still takes TLS 1.1',
          'NET-01: fails when HTTP leads to anything but HTTPS',
          'NET-01: holds for what Node does by itself',
        ],
      },
      { file: headers, titles: ['NET-01: the port without TLS leads nowhere else'] },
      {
        file: 'installer/src/certificates/ensure-server-certificate.test.ts',
        titles: ['NET-01: serves TLS 1.3', 'is made once, for 397 days', 'is made anew when'],
      },
    ],
  },
  {
    control: 'NET-02',
    host: ['listening-sockets'],
    tests: [
      {
        file: hostChecks,
        titles: [
          'NET-02: fails with the database on every address',
          'NET-02: fails when it sees not even the port of the server',
          'NET-02: holds with loopback and Unix sockets',
        ],
      },
      {
        file: 'scripts/images/compose.test.ts',
        titles: ['NET-02: only the server has a network'],
      },
      {
        file: 'scripts/chart/chart.test.ts',
        titles: ['NET-02: denies all traffic, and opens no part'],
      },
    ],
  },
  {
    control: 'NET-03',
    host: ['internal-hops'],
    tests: [
      {
        file: 'installer/src/trust/host-checks/internal-hops.test.ts',
        titles: [
          'NET-03: another local user is refused, and the twin gets in',
          'NET-03: fails when another local user can open a socket',
          'NET-03: fails when the model server answers on the loopback of the host',
        ],
      },
      {
        file: 'installer/src/supervisor/model-bridge.test.ts',
        titles: ['NET-03: makes a socket that its owner and the group may open'],
      },
      {
        file: 'installer/src/containers/listen-tls.test.ts',
        titles: [
          'NET-03: refuses a client without a certificate',
          'NET-03: lets the client in that its authority knows',
          'NET-03: a client that verifies refuses another name',
          'NET-03: hangs up on whoever speaks to the database in the clear',
        ],
      },
      {
        file: 'server/src/platform/config/read-config.test.ts',
        titles: ['NET-03: refuses a database on another host without'],
      },
      {
        file: 'scripts/chart/chart.test.ts',
        titles: ['NET-03: every hop between pods is TLS'],
      },
    ],
  },
  {
    control: 'HDR-01',
    live: 2,
    tests: [
      {
        file: headers,
        titles: [
          'are on the answer of every route of the table',
          'of pages, files, routes and of nothing',
          'are on a body too large, no JSON, or compressed',
          'are on files, ranges that are none, and on 304',
          'are on preflights, good and bad',
          'are on the answer to a malformed request line',
          'are on what the port without TLS answers to',
          'HDR-01: the headers are on a stream of events',
        ],
      },
      { file: liveChecks, titles: ['HDR-01: fails without Content-Security-Policy'] },
    ],
  },
  {
    control: 'HDR-02',
    tests: [
      {
        file: 'server/src/app/content-policy.http.test.ts',
        titles: [
          'HDR-02: the dashboard may connect to its own origin alone',
          'HDR-02: what is no page of it has a policy of its own',
        ],
      },
    ],
  },
  {
    control: 'HDR-03',
    tests: [
      {
        file: 'server/src/app/origins.http.test.ts',
        titles: [
          'refuses origins that are not on the list',
          'HDR-03: a preflight is answered for the list alone',
          'HDR-03: a listed origin reads with a token, and the session cookie does nothing for it',
        ],
      },
    ],
  },
  {
    control: 'ENC-10',
    host: ['storage-encryption'],
    tests: [
      {
        file: hostChecks,
        titles: [
          'ENC-10: fails on AES-128',
          "ENC-10: an operator's word alone proves nothing",
          'ENC-10: holds on AES-256',
        ],
      },
      {
        file: 'installer/src/doctor/examine.test.ts',
        titles: ['ENC-10: shows a site without encryption as failing'],
      },
    ],
  },
  {
    control: 'SEC-03',
    live: 1,
    tests: [
      {
        file: 'server/src/rotation/rotation.db.test.ts',
        titles: [
          'SEC-03: ten rotations under load fail no request, and the old password is refused',
          'SEC-03: ten rotations under load fail no request, and old tokens are refused afterwards',
          'SEC-03: the clock of a process that is off by',
          'SES-01, SEC-03: a database an hour ahead of the key service withdraws no version in use',
        ],
      },
      {
        file: 'server/src/rotation/stolen-password.db.test.ts',
        titles: [
          'SEC-03: a session opened with it ends when it is rotated as compromised',
          'SEC-03: nor does a sign-in stay that began with the old one',
        ],
      },
      {
        file: 'server/src/platform/db/listen.db.test.ts',
        titles: ['SEC-03: reads the password anew when it has rotated'],
      },
      {
        file: 'server/src/rotation/secrets/owners-keys.db.test.ts',
        titles: ['SEC-03 ENC-03: keys older than a year are asked for once'],
      },
    ],
    partly: 'keys of model providers and secrets of agents come with a later release.',
  },
  {
    control: 'SEC-01',
    gates: ['secrets'],
    tests: [
      {
        file: 'scripts/secrets/scan-text.test.ts',
        titles: ['SEC-01: finds', 'SEC-01: refuses to track'],
      },
      {
        file: 'scripts/secrets/hook.test.ts',
        titles: [
          'SEC-01: refuses a commit that carries a secret',
          'SEC-01: refuses a commit of an env file',
          'SEC-01: lets a harmless commit pass',
        ],
      },
      {
        file: 'server/src/platform/config/read-config.test.ts',
        titles: ['SEC-01: refuses a secret in the environment'],
      },
    ],
  },
  {
    control: 'SEC-02',
    live: 1,
    tests: [
      {
        file: 'server/src/platform/config/read-config.test.ts',
        titles: [
          'SEC-02: names every missing setting at once',
          'SEC-02: refuses a wrong value without showing it',
          'SEC-02: refuses a setting that does not exist',
        ],
      },
      {
        file: 'scripts/structure.test.ts',
        titles: ['SEC-02: each program has one reader of the environment'],
      },
    ],
  },
  {
    control: 'DEP-01',
    host: ['process-accounts'],
    tests: [
      { file: hostChecks, titles: ['DEP-01: fails with', 'DEP-01: holds'] },
      {
        file: 'scripts/images/compose.test.ts',
        titles: ['DEP-01: server holds no privilege and stays within its limits'],
      },
      {
        file: 'scripts/chart/chart.test.ts',
        titles: [
          'DEP-01: every pod of values.yaml is restricted',
          'DEP-01: no pod holds a token of the cluster',
          'DEP-01: no secret stands in an environment, and every image can be pinned',
        ],
      },
    ],
  },
  {
    control: 'DEP-03',
    tests: [
      {
        file: 'scripts/chart/chart.test.ts',
        titles: [
          'DEP-03: refuses a value that does not exist',
          'DEP-03: migrates in a hook before an upgrade',
        ],
      },
      {
        file: 'server/src/app/schema-commands.test.ts',
        titles: ['DEP-03: sees that a later version has migrated the database'],
      },
      {
        file: 'server/src/app/leave-gently.test.ts',
        titles: ['DEP-03: then says that it is not ready, answers on'],
      },
      {
        file: 'scripts/chart/cluster.slow.test.ts',
        titles: [
          'DEP-03: upgrades under load without a failed request, and goes back',
          'DEP-03: refuses to migrate a database that a later version has migrated',
        ],
      },
      {
        file: 'scripts/images/compose.slow.test.ts',
        titles: ['DEP-02: answers a question about a document made just now'],
      },
    ],
  },
  {
    control: 'DIS-01',
    live: 1,
    tests: [{ file: liveChecks, titles: ['DIS-01: fails without a contact, a date, or a policy'] }],
  },
  {
    control: 'TRU-01',
    live: 1,
    tests: [
      {
        file: 'server/src/trust/trust.http.test.ts',
        titles: [
          'is for administrators of the platform alone',
          'TRU-01: shows what the last verification found, and exports it as it was signed',
          'TRU-01: keeps when a control last passed after it fails',
          'TRU-01: is verified by openssl, and refused with one status changed',
        ],
      },
      {
        file: 'installer/src/trust/verify-evidence.test.ts',
        titles: ['TRU-01: is refused with', 'TRU-01: is refused when a stranger signed it'],
      },
    ],
  },
  {
    control: 'TRU-02',
    live: 1,
    tests: [
      {
        file: 'server/src/trust/judge-control.test.ts',
        titles: [
          'TRU-02: is missing without an entry',
          'TRU-02: is missing while its proof is partial',
          'TRU-02: is missing when the report does not fit',
          'TRU-02: fails when its test failed',
        ],
      },
      {
        file: 'server/src/trust/report/read-report.test.ts',
        titles: [
          'TRU-02: refuses one that was altered after it was signed',
          'TRU-02: refuses one from which a test was removed',
          "TRU-02: refuses a stranger's signature",
          'TRU-02: refuses one of other sources, although it is signed',
          'TRU-02: refuses one of a run that was narrowed, although it is signed',
        ],
      },
      {
        file: 'server/src/trust/trust.http.test.ts',
        titles: [
          'TRU-02: lists every control as missing',
          'TRU-02: marks what later releases bring',
        ],
      },
      {
        file: 'server/src/trust/register.test.ts',
        titles: ['TRU-02: holds every control, and none of them was reworded'],
      },
    ],
  },
];
