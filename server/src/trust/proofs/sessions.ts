import type { ControlProof } from './control-proof.ts';

const sessions = 'server/src/identity/sessions.http.test.ts';
const mobile = 'server/src/identity/mobile/mobile.http.test.ts';
const passwords = 'server/src/identity/passwords/passwords.http.test.ts';

/** Passwords, sessions, roles, personal data. */
export const sessionProofs: readonly ControlProof[] = [
  {
    control: 'AUT-01',
    live: 1,
    tests: [
      {
        file: sessions,
        titles: [
          'AUT-01: the password is stored as bcrypt of cost 12 and appears nowhere else',
          'AUT-01: a wrong password and an unknown account answer alike',
        ],
      },
      {
        file: 'server/src/identity/password-policy.test.ts',
        titles: ['AUT-01: is refused beyond the 72 bytes'],
      },
      {
        file: 'server/src/platform/log.test.ts',
        titles: ['redacts values under secret names, tokens, and errors with their causes'],
      },
    ],
  },
  {
    control: 'AUT-02',
    tests: [
      { file: sessions, titles: ['AUT-02: a weak password is refused'] },
      {
        file: passwords,
        titles: [
          'AUT-02, AUT-03: the same rules hold at set-up, at a change and at a reset',
          'AUT-02: none of the last five passwords comes back',
        ],
      },
    ],
  },
  {
    control: 'AUT-03',
    tests: [
      {
        file: passwords,
        titles: [
          'AUT-02, AUT-03: the same rules hold at set-up, at a change and at a reset',
          'AUT-03: without its list no password is set',
        ],
      },
      {
        file: 'server/src/identity/passwords/leaked-passwords.test.ts',
        titles: [
          'AUT-03: finds each password of the list, and none that is not in it',
          'AUT-03: asks the file for one range',
          'AUT-03: is closed when the list is cut, is none, or is away',
          'AUT-03: knows a leaked word under its usual disguise',
        ],
      },
    ],
  },
  {
    control: 'AUT-05',
    tests: [
      {
        file: 'server/src/identity/invitations/invitations.http.test.ts',
        titles: [
          'AUT-05: nobody invites but an administrator of the tenant itself',
          'AUT-05: what somebody wrote into the database invites nobody',
          'AUT-05: a link that was never sent, was cut, or is for something else',
          'AUT-05: the invited have no account before the link of their mailbox was opened',
          'AUT-05: the database holds no account that is in use and whose address nobody verified',
          'AUT-05: with a relay no administrator sees the link',
        ],
      },
      {
        file: passwords,
        titles: ['AUT-05: another address counts once its mailbox was opened'],
      },
      {
        file: 'server/src/identity/invitations/without-relay.http.test.ts',
        titles: [
          'AUT-05: without a relay whoever invites gets the link once, to hand it over',
          'AUT-05: without a relay another administrator hands over the link of a new address',
          'AUT-07: without a relay an administrator starts a reset and never knows the password',
        ],
      },
    ],
    pages: ['docs/accounts.md'],
  },
  {
    control: 'AUT-07',
    tests: [
      {
        file: passwords,
        titles: [
          'AUT-07: the answer is the same for an address that nobody has',
          'AUT-07: three requests an hour for an address',
          'AUT-07: a link works once, for an hour',
          'AUT-07: a reset ends all sessions and signs nobody in',
          'AUT-07: what somebody wrote into the database resets no password',
        ],
      },
    ],
    pages: ['docs/accounts.md'],
  },
  {
    control: 'SES-01',
    tests: [
      {
        file: sessions,
        titles: [
          'SES-01: an access token of another key, algorithm, audience or kind is refused',
          'SES-01: the published keys verify the token',
        ],
      },
      {
        file: 'server/src/identity/withdrawn-keys.db.test.ts',
        titles: [
          'SES-01: is refused once withdrawn, by a process that cannot read the key service',
        ],
      },
      {
        file: 'server/src/identity/access-token.test.ts',
        titles: [
          'SES-01: a token whose key version was withdrawn is refused',
          'SES-01: a token of both audiences, of another one, or of another issuer is refused',
          'SES-01: a token of a phone ends after 30 minutes',
        ],
      },
      {
        file: mobile,
        titles: [
          'SES-01: its access token lives 30 minutes and one of a browser 15',
          'SES-01: a session of one kind has no token of the other',
        ],
      },
    ],
  },
  {
    control: 'SES-02',
    tests: [
      {
        file: sessions,
        titles: [
          'SES-02: an old refresh token ends all sessions of the account',
          'SES-02: a lost answer is no reuse',
          'SES-02: the answer that a retry revoked ends all sessions',
          'SES-02: of fifty parallel uses of one refresh token one successor lives',
          'SES-02: a token presented while its successor is being used leaves no second chain',
        ],
      },
      {
        file: 'server/src/identity/accounts/ending.http.test.ts',
        titles: [
          'SES-02: one sees one’s own devices, and ends one or all others',
          'SES-02: a session that lies idle has ended, and one that is used goes on',
        ],
      },
      {
        file: mobile,
        titles: [
          'SES-02: of fifty parallel uses of one mobile refresh token one successor lives',
          'SES-02: it stands among the devices',
        ],
      },
      {
        file: 'server/src/identity/random-token.test.ts',
        titles: ['SES-02: has 256 random bits'],
      },
      {
        file: 'server/src/identity/stolen-database.http.test.ts',
        titles: [
          'SES-02: opens no session with a token that its holder stored',
          'SES-02: makes no administrator with a set-up link that its holder stored',
          'SES-02: moves no token of its holder to another person',
        ],
      },
    ],
  },
  {
    control: 'SES-03',
    live: 1,
    tests: [
      {
        file: sessions,
        titles: ['SES-03, SES-04: the refresh token travels in an HttpOnly, Secure'],
      },
      {
        file: 'web/tests/main.journey.test.ts',
        titles: ['becomes an administrator by the set-up link'],
      },
      {
        file: mobile,
        titles: [
          'SES-03: no browser gets a token of a phone',
          'SES-03: a phone gets its refresh token in the body, and no cookie',
          'SES-03: a refresh token of one kind opens nothing as the other',
          'SES-03: whoever writes into the database that a session is of another kind',
        ],
      },
    ],
    pages: ['docs/mobile-clients.md'],
  },
  {
    control: 'SES-04',
    tests: [
      { file: sessions, titles: ['SES-04: the refresh cookie from another origin'] },
      {
        file: 'server/src/app/origins.http.test.ts',
        titles: ['refuses what a browser sends for another site'],
      },
    ],
    partly:
      'the one route that the cookie alone opens has SameSite=Strict and the origin check, but no CSRF token.',
  },
  {
    control: 'SES-05',
    live: 1,
    host: ['secret-files'],
    tests: [
      {
        file: 'server/src/app/secret-strength.test.ts',
        titles: [
          'SES-05: production refuses to start with a short password',
          'SES-05: production refuses a long one that was not drawn',
        ],
      },
      {
        file: 'installer/src/trust/host-checks/host-checks.test.ts',
        titles: [
          'SES-05: fails with a credential of 128 bits',
          'SES-05: fails with a short seal key',
        ],
      },
    ],
  },
  {
    control: 'RBA-01',
    tests: [
      {
        file: 'server/src/app/guards.http.test.ts',
        titles: ["is the platform's alone", "is its members' alone"],
      },
      {
        file: 'server/src/app/access-matrix.http.test.ts',
        titles: ['RBA-01: is as it was reviewed'],
      },
      {
        file: 'server/src/access/levels.test.ts',
        titles: [
          'RBA-01: give nothing that stays with the built-in ones',
          'RBA-01: are composed of what one has',
        ],
      },
      {
        file: 'server/src/identity/standing/standing.http.test.ts',
        titles: [
          'RBA-01: gives what the role is composed of, within seconds',
          'RBA-01: gives nothing that stays with administrators',
          'RBA-01: gives nothing that somebody wrote into the database',
        ],
      },
      {
        file: 'server/src/identity/visits/visits.http.test.ts',
        titles: [
          'RBA-01: opens nothing before somebody else has approved it',
          'RBA-01: is approved by nobody who asked for it',
          'RBA-01: has a reason and an end, at most four hours away',
          'RBA-01: ends by itself',
          'RBA-01: is ended at any time by the tenant, or by the visitor',
          'RBA-01: shows the tenant everything that was looked at',
          'RBA-01: is nothing that somebody wrote into the database',
          'RBA-01: is not for a tenant that holds its own seal',
          'RBA-01: ends with the right to run the platform',
        ],
      },
    ],
    partly: 'what reviewers approve comes with the agents.',
  },
  {
    control: 'RBA-02',
    tests: [
      {
        file: 'server/src/access/levels.test.ts',
        titles: [
          'RBA-02: let whoever reaches it through',
          'RBA-02: are the highest for administrators',
          'RBA-02: open no feature above the level',
        ],
      },
      {
        file: 'server/src/identity/standing/standing.http.test.ts',
        titles: [
          'RBA-02: refuses every route of a feature to whoever is below its level',
          'RBA-02: holds for API keys and service accounts as for people',
          'RBA-02: is told to the dashboard, with what it may show',
          'RBA-02: is set by administrators of the tenant alone',
          'RBA-02: can not be raised, nor a feature’s lowered, by whoever writes the database',
        ],
      },
    ],
  },
  {
    control: 'RBA-03',
    tests: [
      {
        file: 'server/src/access/levels.test.ts',
        titles: [
          'RBA-03: refuse %s',
          'RBA-03: refuse a feature that nobody knows',
          'RBA-03: refuse when the check itself breaks',
        ],
      },
      {
        file: 'server/src/identity/visits/visits.http.test.ts',
        titles: ['RBA-03: shows nothing that can not be written down'],
      },
      {
        file: 'server/src/app/requests.http.test.ts',
        titles: ['RBA-03: without a session, or with too low a role'],
      },
    ],
    partly: 'gates that wait for an approval come with the agents.',
  },
  {
    control: 'RBA-04',
    live: 1,
    tests: [
      {
        file: 'server/src/identity/api-keys/api-keys.http.test.ts',
        titles: [
          'RBA-04: to a key, whatever it may do',
          'RBA-04: what their scopes name and nothing else',
          'RBA-04: nothing of the platform, though their owner runs it',
          'RBA-04: from their networks alone',
          'RBA-04: when their owner revokes them',
          'RBA-04: when their day has come',
          'RBA-04: when their owner leaves the tenant, or is deactivated',
          'RBA-04: stand as an HMAC alone, and are shown once',
          'RBA-04: count for nothing as a thief of the database wrote them',
          'RBA-04: are made by administrators of their tenant alone',
          'RBA-04: sign in nowhere, and end with all their keys at once',
        ],
      },
      {
        file: 'server/src/app/access-matrix.http.test.ts',
        titles: ['RBA-04: lets no dead credential'],
      },
    ],
    partly: 'keys of agents come with the agents.',
  },
  {
    control: 'PII-01',
    tests: [
      {
        file: 'server/src/platform/log.test.ts',
        titles: [
          'PII-01: masks e-mail addresses',
          'PII-01: redacts values',
          'PII-01: the cut lets no',
        ],
      },
    ],
    partly: 'the logs of the database, the key service and the model server are not masked.',
  },
  {
    control: 'PII-02',
    live: 1,
    host: ['account-data'],
    tests: [
      {
        file: 'server/src/app/requests.http.test.ts',
        titles: ['AUD-01: a refusal is recorded with the pseudonym of the person, not the name'],
      },
      {
        file: 'server/src/identity/live-checks.db.test.ts',
        titles: ['PII-02: fails with an address in'],
      },
    ],
  },
];
