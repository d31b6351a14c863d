import type { ControlProof } from './control-proof.ts';

const checks = 'server/src/crypto/checks/crypto-checks.db.test.ts';
const rotation = 'server/src/crypto/rotation/rotation.db.test.ts';
const development = 'server/src/platform/vault/development-vault.db.test.ts';
const seal = 'server/src/tenancy/seal/seal.db.test.ts';

/** Encryption: fields, keys, their rotation and destruction, a tenant's own seal. */
export const keyProofs: readonly ControlProof[] = [
  {
    control: 'ENC-01',
    live: 1,
    tests: [
      { file: checks, titles: ['ENC-01: finds the one row that is plain text'] },
      {
        file: 'server/src/chat/conversations/conversations.http.test.ts',
        titles: ['ENC-01: titles, questions, answers and quotes lie encrypted in the database'],
      },
      {
        file: 'server/src/identity/factors/lost-factors.http.test.ts',
        titles: ['ENC-01: the seed is ciphertext, and in the row of another account'],
      },
      {
        file: 'server/src/identity/factors/phones/phones.http.test.ts',
        titles: ['ENC-01: the number lies encrypted, and the digits of a code nowhere'],
      },
    ],
    partly:
      'tokens and secrets of mail and calendar integrations, of webhooks and of agents come with later releases.',
  },
  {
    control: 'ENC-02',
    tests: [
      {
        file: 'server/src/tenancy/isolation.db.test.ts',
        titles: ['ENC-02: a field opens only in its own tenant, table, row and column'],
      },
      { file: rotation, titles: ['ENC-02: leaves a damaged field alone, names it'] },
      {
        file: 'server/src/crypto/envelope.test.ts',
        titles: [
          'ENC-02: opens nowhere else: tenant, provider, table, row and field are bound',
          'ENC-02: does not open with any one bit of it changed',
          'ENC-02: no change of any one character goes unnoticed',
        ],
      },
    ],
  },
  {
    control: 'ENC-03',
    live: 1,
    tests: [
      { file: checks, titles: ['ENC-03: finds a field whose key is retired'] },
      {
        file: rotation,
        titles: [
          'ENC-03: ten data keys under load: no failure, no field lost, the old one refused',
          'ENC-03: ten wrapping keys under load: no failure, and the old one opens nothing',
          'ENC-03: goes on where a killed process left it',
        ],
      },
      {
        file: 'server/src/app/killed-programs.http.test.ts',
        titles: ['ENC-03, ENC-06: a rotation of the data key goes on whenever'],
      },
      {
        file: 'server/src/crypto/keys.http.test.ts',
        titles: ['ENC-03: nobody but an administrator of the platform sees keys or rotates them'],
      },
    ],
  },
  {
    control: 'ENC-04',
    live: 1,
    tests: [
      { file: checks, titles: ['ENC-04: finds a data key under a foreign wrapping key'] },
      { file: rotation, titles: ['ENC-04: the platform has a key of its own'] },
      {
        file: 'installer/src/vault/policies.test.ts',
        titles: ['ENC-04: let the provisioner make keys that can be neither exported'],
      },
      {
        file: 'server/src/crypto/fields/key-cache.test.ts',
        titles: [
          'ENC-04: are erased when their time is over, also for who still holds them',
          'ENC-04: are unwrapped anew after so many uses',
          'ENC-04: in strict mode belong to one request and end with it',
          'ENC-04: that are renewed stay while they are used, and never longer than they may',
          'ENC-04: that are renewed and not used end as before',
          'ENC-04: that nobody renews end as before, however much they are used',
        ],
      },
      {
        file: 'server/src/crypto/fields/watch-keys.db.test.ts',
        titles: [
          'ENC-04: leave memory in their time once the database says that a rotation is under way',
          'ENC-04: leave memory in their time when the database cannot be asked',
          'ENC-04: leave memory in their time when the key service is sealed or away',
        ],
      },
    ],
  },
  {
    control: 'ENC-05',
    tests: [
      {
        file: 'server/src/platform/vault/key-backend.db.test.ts',
        titles: ['ENC-05: OpenBao', 'ENC-05: the local key'],
      },
    ],
  },
  {
    control: 'ENC-06',
    tests: [
      {
        file: rotation,
        titles: [
          'ENC-06: a backfill turns plain and old rows into current ones; doing it again changes none',
          'ENC-03: goes on where a killed process left it',
        ],
      },
    ],
  },
  {
    control: 'ENC-07',
    live: 1,
    tests: [
      {
        file: checks,
        titles: ["ENC-07: finds a server that runs with the provisioner's credential"],
      },
      { file: development, titles: ['ENC-07: another master opens nothing'] },
      {
        file: 'server/src/rotation/rotation.db.test.ts',
        titles: ['ENC-07: no program reads the password of another'],
      },
      {
        file: 'installer/src/vault/policies.test.ts',
        titles: ['ENC-07: let nobody both wrap and open a data key'],
      },
    ],
  },
  {
    control: 'ENC-08',
    live: 1,
    tests: [
      { file: checks, titles: ['ENC-08: finds an insecure key in production'] },
      {
        file: development,
        titles: [
          'ENC-08: says INSECURE wherever it shows',
          'ENC-08: refuses a master that is too short',
        ],
      },
      {
        file: 'server/src/platform/config/read-config.test.ts',
        titles: ['ENC-08: refuses a development key in production'],
      },
    ],
  },
  {
    control: 'ENC-09',
    tests: [
      {
        file: 'server/src/app/restored-backups.db.test.ts',
        titles: [
          'ENC-09: its ciphertext opens no longer, and its name stands in three ledgers',
          'ENC-09: a snapshot of the key service that is put back brings the key back',
          'ENC-09: a copy of the database that is put back holds the tenant',
          'ENC-09: a ledger file that is lost is written anew',
        ],
      },
      {
        file: 'server/src/crypto/ledger/ledger-file.test.ts',
        titles: ['ENC-09: is refused when a line was changed'],
      },
      {
        file: 'installer/src/backup/expire.test.ts',
        titles: [
          'ENC-09: are snapshots of the key service over their days, however few backups there are',
        ],
      },
      {
        file: 'installer/src/backup/state.test.ts',
        titles: ['ENC-09: is a snapshot of the keys as soon as one was made, rotated or destroyed'],
      },
      {
        file: 'installer/tests/newest-ledger.journey.test.ts',
        titles: [
          'ENC-09: brings the newest ledger of deletions, so that nobody rises who was deleted since',
        ],
      },
      // backup.slow walks the same on whole instances, with --all.
    ],
  },
  {
    control: 'ENC-11',
    live: 1,
    notApplicable: 'No tenant holds its own seal, so none can be sealed.',
    tests: [
      {
        file: seal,
        titles: [
          'ENC-11: while it is sealed no proof, key or row is had; its twin, opened, has them',
          'ENC-11: keys that a process held when the tenant was sealed are erased at once',
          'ENC-11: even a proof that was kept opens no row of a sealed tenant',
          'ENC-11: what the key service forgot at its restart is noticed within seconds',
        ],
      },
      {
        file: 'server/src/tenancy/seal/custodian.http.test.ts',
        titles: [
          'ENC-11: the platform’s operator who joins as administrator gets no share; the custodian does',
          'ENC-11: shares that were taken are not voided by anybody’s second ask',
          'ENC-11: an operator who is the custodian is shown as such to every member',
        ],
      },
      {
        file: 'server/src/tenancy/seal/restarts.db.test.ts',
        titles: ['ENC-11: is sealed by the restart, with the reason told; the others work on'],
      },
      {
        file: 'server/src/app/sealed-tenant.http.test.ts',
        titles: [
          'ENC-11: its twin first: the owners of both tiers read what they planted',
          'ENC-11: the search finds a standard tenant in files, log and dump',
          'ENC-11: its key shares were never written anywhere',
          'ENC-11: once it is sealed nobody reads it, from its routes, its files, its dump',
          'ENC-11: opened with its shares it is whole again',
          'ENC-11 KB-03: asked while its search is rebuilt it says so',
        ],
      },
      {
        file: 'server/src/knowledge/index/sealed-knowledge.db.test.ts',
        titles: ['ENC-11: the database takes no readable name or passage, whoever writes it'],
      },
    ],
  },
];
