import type { ControlProof } from './control-proof.ts';

const isolation = 'server/src/tenancy/isolation.db.test.ts';
const tenancyChecks = 'server/src/tenancy/checks/tenancy-checks.db.test.ts';
const tenants = 'server/src/tenancy/tenants.http.test.ts';
const conversations = 'server/src/chat/conversations/conversations.http.test.ts';
const guards = 'server/src/access/guard-audit.http.test.ts';

/** The chambers: schemas, roles, row security, guards, jobs, layers. */
export const isolationProofs: readonly ControlProof[] = [
  {
    control: 'ISO-01',
    live: 1,
    tests: [
      { file: tenancyChecks, titles: ['ISO-01: holds as it is'] },
      {
        file: 'server/src/knowledge/search/search-chunks.db.test.ts',
        titles: ['ISO-01, ISO-09: finds nothing of another tenant'],
      },
    ],
  },
  {
    control: 'ISO-02',
    live: 1,
    tests: [
      { file: tenancyChecks, titles: ['ISO-02: holds as it is'] },
      {
        file: isolation,
        titles: [
          'ISO-02: the login role itself reads no tenant schema',
          "ISO-02: a tenant's role does not reach another schema",
          'ISO-02: back in its login role, a tenant transaction stands before nothing',
        ],
      },
    ],
  },
  {
    control: 'ISO-03',
    live: 1,
    tests: [
      { file: tenancyChecks, titles: ['ISO-03: holds as it is'] },
      {
        file: isolation,
        titles: [
          "ISO-03: with another tenant's role but one's own proof",
          'ISO-03: injected SQL that changes role and schema in mid-transaction finds no rows',
          'ISO-03: an insert without a tenant id, or with another, fails',
        ],
      },
      {
        file: conversations,
        titles: [
          'ISO-03: row security alone hides the rows from another person of the tenant',
          'ISO-03: nobody can put a message into the conversation of another',
        ],
      },
    ],
  },
  {
    control: 'ISO-04',
    live: 1,
    tests: [
      {
        file: 'scripts/structure.test.ts',
        titles: ['ISO-04: every route has a guard'],
      },
      {
        file: 'scripts/structure/check-routes.test.ts',
        titles: ['ISO-04: refuses a route without a guard'],
      },
      {
        file: guards,
        titles: ['ISO-04: lists every route of the table that answers, itself too'],
      },
      {
        file: 'server/src/app/guards.http.test.ts',
        titles: ['ISO-04: name only permissions that a role can have', "is its members' alone"],
      },
    ],
  },
  {
    control: 'ISO-05',
    tests: [
      { file: 'server/src/app/guards.http.test.ts', titles: ["is its members' alone"] },
      {
        file: 'server/src/app/requests.http.test.ts',
        titles: ['ISO-05: a tenant that is not theirs'],
      },
      {
        file: 'server/src/app/open-requests.http.test.ts',
        titles: [
          'ISO-05: the streams of whoever signs out end with a plain event, and those of others stay open',
          'ISO-05: the streams of whoever leaves the tenant end with a plain event, and those of others stay open',
          'ISO-05: the streams of a suspended tenant end in every process',
          'ISO-05: a document whose sender signs out on the way is not taken in',
        ],
      },
    ],
    partly: 'ownership of agents is checked when there are agents.',
  },
  {
    control: 'ISO-06',
    tests: [
      {
        file: 'server/src/platform/jobs/jobs.db.test.ts',
        titles: [
          'ISO-06: a tenant can queue no work for the provisioner, nor work without a tenant',
          "ISO-06: the job carries the claim's tenant",
        ],
      },
      {
        file: 'server/src/app/job-handlers.db.test.ts',
        titles: [
          'ISO-06: is refused without a tenant',
          "ISO-06: is refused for another tenant's administrator",
          'ISO-06: is refused once its person was deactivated or has left',
          'ISO-06: is refused while its tenant is suspended',
          "ISO-06: runs in its own tenant's scope for who may",
        ],
      },
    ],
  },
  {
    control: 'ISO-08',
    live: 1,
    tests: [
      { file: tenancyChecks, titles: ['ISO-08: holds as it is'] },
      {
        file: isolation,
        titles: ['ISO-08: a tenant id that is no UUID never becomes an identifier'],
      },
      { file: tenants, titles: ['ISO-08: names that look like SQL, markup or paths'] },
    ],
  },
  {
    control: 'ISO-09',
    live: 1,
    tests: [
      {
        file: 'server/src/app/isolation.http.test.ts',
        titles: [
          'gets anything of the other tenant',
          'ISO-09: every attempt has a rightful twin that succeeds',
          'ISO-09: whatever the catalogs name was attacked',
        ],
      },
    ],
  },
  {
    control: 'ISO-10',
    gates: ['unit', 'db'],
    tests: [
      {
        file: 'scripts/structure.test.ts',
        titles: [
          'ISO-10: every tenant table is born isolated',
          'ISO-10, ISO-11: every definer function is pinned and closed to PUBLIC',
        ],
      },
      {
        file: 'scripts/structure/check-sql.test.ts',
        titles: ['ISO-10: is not content with the row security of another table'],
      },
      {
        file: 'server/src/tenancy/migrate/migrate.db.test.ts',
        titles: ['ISO-10: a migration that leaves a table open takes effect in no tenant'],
      },
      {
        file: guards,
        titles: ['ISO-11: lists every definer function of the database, without a fault'],
      },
    ],
  },
  {
    control: 'ISO-11',
    live: 1,
    tests: [
      {
        file: guards,
        titles: ['ISO-11: lists every definer function of the database, without a fault', 'loudly'],
      },
      {
        file: 'server/src/access/audit/list-guards.test.ts',
        titles: ['ISO-11: finds one', 'ISO-11: is content with one that is pinned'],
      },
    ],
  },
  {
    control: 'ISO-12',
    tests: [
      {
        file: 'server/src/app/layers.db.test.ts',
        titles: [
          "ISO-12: roles alone stop a statement that has B's proof and the wrong role",
          'ISO-12: row security alone stops injected SQL that changes role, schema and account',
          "ISO-12: keys alone keep B's text from who reads and moves its rows",
          'ISO-12: the guard of a route alone keeps a person of A from the address of B',
          "ISO-12: the typed scope alone keeps a slip with B's id inside of A",
          'ISO-12: the worker alone refuses a job that A forged into the queue of B',
          "ISO-12: names alone keep a file of B from a job of A that has B's id",
          'ISO-12: names alone keep what is cached for B from A: keys, and sessions',
        ],
      },
      {
        file: 'server/src/app/limits/tenant-budget.http.test.ts',
        titles: [
          'ISO-12: names alone keep the budget of B from who asks at its address',
          'ISO-12: names alone keep what A spends from the budget of B',
        ],
      },
      {
        file: 'server/src/chat/answers/follow-answer.test.ts',
        titles: [
          'ISO-12: names alone keep the stream of B from A, which has its id',
          "ISO-12: names alone keep A's news from waking who follows B",
        ],
      },
    ],
    pages: ['docs/isolation.md'],
  },
];
