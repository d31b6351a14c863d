import type { ControlProof } from './control-proof.ts';

const limits = 'server/src/app/limits/limits.http.test.ts';
const several = 'server/src/app/limits/several-processes.http.test.ts';
const lost = 'server/src/app/lost-parts.http.test.ts';
const resilience = 'server/src/platform/resilience';

/** Budgets, lockouts, and what happens when a part is away. */
export const limitProofs: readonly ControlProof[] = [
  {
    control: 'AUT-04',
    tests: [
      {
        file: 'server/src/identity/sessions.http.test.ts',
        titles: ['AUT-04: after five wrong passwords the sixth try waits'],
      },
      {
        file: 'server/src/app/limits/known-browsers.http.test.ts',
        titles: [
          'AUT-04: whoever locks an e-mail from elsewhere locks only those who are not known',
          'AUT-04: a cookie of another account, of another key, changed, or too old',
          'AUT-04: it has five tries itself, wherever it is',
        ],
      },
      {
        file: several,
        titles: [
          'AUT-04: of 100 wrong passwords at once to two processes, five are tried',
          'AUT-04: the lockout is written once, with its audit event',
        ],
      },
      {
        file: 'server/src/app/limits/limit-routes.http.test.ts',
        titles: [
          'AUT-04: nobody else ends a lockout',
          'AUT-04: an administrator of the platform ends a lockout once, which is audited',
          'AUT-04: the command on the host ends a lockout, which is audited',
        ],
      },
    ],
  },
  {
    control: 'RAT-01',
    tests: [
      { file: limits, titles: ['RAT-01: a stranger over the budget is refused before the body'] },
      {
        file: several,
        titles: [
          'RAT-01: signed-in people behind the same address are served',
          'RAT-01: three registrations a minute from one address',
          'RAT-01: the headers are those of the RateLimit draft',
        ],
      },
      {
        file: 'server/src/app/limits/own-limits.http.test.ts',
        titles: [
          'RAT-01: three password changes and two second factors a minute',
          'RAT-01: each route has a budget of its own',
          'RAT-01: a tenant’s people share its budget',
        ],
      },
      {
        file: 'installer/src/instance/limit-settings.test.ts',
        titles: ['RAT-01: can all be set, and nothing else'],
      },
    ],
    pages: ['docs/limits.md'],
  },
  {
    control: 'RAT-02',
    tests: [
      {
        file: several,
        titles: ['RAT-02: of 200 requests at once to two processes, exactly the limit'],
      },
      {
        file: 'server/src/platform/limits/draw-budget.db.test.ts',
        titles: ['RAT-02: parallel draws get exactly the limit together'],
      },
      {
        file: 'server/src/platform/limits/leases.test.ts',
        titles: ['RAT-02: whatever the order, no window admits more than its limit'],
      },
    ],
  },
  {
    control: 'RAT-03',
    tests: [
      {
        file: 'server/src/chat/answers/fair-queue.test.ts',
        titles: ['RES-01: refuses a tenant that floods it'],
      },
      {
        file: 'server/src/knowledge/documents.http.test.ts',
        titles: ['refuses what does not fit into the quota, also side by side'],
      },
    ],
    partly:
      'budgets of embedding and sending, and limits of writing towards platforms, come with agents and connections.',
  },
  {
    control: 'RES-01',
    tests: [
      {
        file: `${resilience}/breaker.test.ts`,
        titles: [
          'RES-01: five failures in a row open it for 30 seconds',
          'RES-01: exactly one call probes',
          'RES-01: whatever happens, it refuses exactly while it is open',
        ],
      },
      {
        file: 'server/src/platform/db/lost-connections.db.test.ts',
        titles: [
          'RES-01: rejects with the fault of work that throws at once, and forgets nothing',
          'RES-01: takes nobody else with it, whenever it happens',
        ],
      },
      {
        file: lost,
        titles: [
          'RES-01, RES-03: a killed database: closed at once',
          'RES-01: a killed key service: no answer from keys beyond their time',
          'RES-01: a sealed key service says that it is sealed',
          'RES-01: without the model server an answer says so',
        ],
      },
    ],
  },
  {
    control: 'RES-02',
    tests: [
      {
        file: `${resilience}/retry.test.ts`,
        titles: [
          'RES-02: tries again after half a second, one and two',
          'RES-02: what may not be repeated is not',
          'RES-02: each try counts towards the breaker',
        ],
      },
      {
        file: `${resilience}/judge.test.ts`,
        titles: ['RES-02: only a refused COMMIT is known not to have happened'],
      },
      {
        file: `${resilience}/guard-vault.test.ts`,
        titles: ['RES-02: what computes is repeated; what changes a key is not'],
      },
      { file: lost, titles: ['RES-02: a database that is back within the retries'] },
    ],
  },
  {
    control: 'RES-03',
    tests: [
      {
        file: `${resilience}/judge.test.ts`,
        titles: ['RES-03: what a client is told names no internals'],
      },
      { file: lost, titles: ['RES-01, RES-03: a killed database'] },
    ],
  },
];
