import type { ControlProof } from './control-proof.ts';

const factors = 'server/src/identity/factors/factors.http.test.ts';
const lost = 'server/src/identity/factors/lost-factors.http.test.ts';
const phones = 'server/src/identity/factors/phones/phones.http.test.ts';
const passkeys = 'server/src/identity/factors/passkeys/passkeys.http.test.ts';

/** Second factors. */
export const factorProofs: readonly ControlProof[] = [
  {
    control: 'MFA-01',
    tests: [
      {
        file: factors,
        titles: [
          'MFA-01: an administrator without a factor may make one, sign out and look at themselves',
          'MFA-01: reviewers and administrators of a tenant need a factor, members do not',
          'MFA-01: a right password is no session, but a challenge; the code is the session',
          'MFA-01: a code of the last and of the next time step is taken',
          'MFA-01: a code that was taken is refused a second time',
          'MFA-01: of a hundred parallel uses of one code one signs in',
          'MFA-01: a code of another person is refused',
          'MFA-01: the last factor of an administrator stays',
          'MFA-01: a key that was not confirmed counts for nothing',
        ],
      },
      {
        file: lost,
        titles: [
          'MFA-01: deleting the factors in the database lowers nothing',
          'MFA-01: a factor that is made to look unconfirmed lowers nothing either',
        ],
      },
    ],
  },
  {
    control: 'MFA-02',
    tests: [
      {
        file: phones,
        titles: [
          'MFA-02: a gateway that is away is asked again',
          'MFA-02, ENC-01: the number lies encrypted, and the digits of a code nowhere',
          'MFA-02: a new number counts once its code was shown',
          'MFA-02: a code signs in once, at the challenge for which it was sent',
          'MFA-02: a newer code ends the older, and none is good after five minutes',
          'MFA-02: three wrong codes end the challenge',
          'MFA-02, MFA-04: what is sent has limits',
          'MFA-02: whose role demands a factor needs more than a phone',
          'MFA-02: whoever has a phone alone and rises sets up more',
          'MFA-02: a step-up by SMS is of its session alone',
          'MFA-02: whoever writes the database has no code sent',
          'MFA-02: whose account is erased leaves no number',
        ],
      },
      {
        file: 'server/src/platform/sms/sms-drivers.test.ts',
        titles: [
          'of an HTTP gateway is a lasting no',
          'MFA-02: an HTTP gateway gets number and text as JSON, and its token',
          'MFA-02: a modem is told no number that could be a command',
          'MFA-02: a modem that is silent, or refuses, has sent nothing',
          'MFA-02: a modem sends by AT commands',
        ],
      },
      {
        file: 'installer/src/doctor/checks/sms.test.ts',
        titles: ['MFA-02: a modem that is not there is a fault'],
      },
    ],
    pages: ['docs/sms.md'],
    partly: 'no modem of any maker was tried, only the AT commands on a pair of pseudo-terminals.',
  },
  {
    control: 'MFA-03',
    tests: [
      {
        file: factors,
        titles: [
          'MFA-03: there are ten recovery codes, none is stored, and each works once',
          'MFA-03: a recovery code of another person is refused',
          'MFA-03: of a hundred parallel uses of one recovery code one signs in',
          'MFA-03: new recovery codes end the old ones',
        ],
      },
    ],
  },
  {
    control: 'MFA-04',
    tests: [
      {
        file: factors,
        titles: [
          'MFA-04: three wrong codes end the challenge',
          'MFA-04: three wrong codes at a step-up end the session',
        ],
      },
      { file: lost, titles: ['MFA-04: after so many wrong codes the factor is locked'] },
      { file: phones, titles: ['MFA-02, MFA-04: what is sent has limits'] },
    ],
  },
  {
    control: 'MFA-05',
    tests: [
      {
        file: factors,
        titles: [
          'MFA-05: what needs a fresh factor is refused with an old one',
          'MFA-05: a time that the server did not write counts as none',
          'MFA-05: a second factor is set up right after signing in',
        ],
      },
      {
        file: 'server/src/identity/visits/visits.http.test.ts',
        titles: ['MFA-05: is asked for and approved with a fresh second factor'],
      },
      {
        file: lost,
        titles: [
          'MFA-05: a link is made by another administrator',
          'MFA-05: a reset pauses the API keys of the person until a factor is set up again',
          'MFA-05: whoever runs the host resets the factors of an account',
        ],
      },
      {
        file: 'web/src/lib/session/step-up-fetch.test.ts',
        titles: ['MFA-05: is sent again with its body once one was shown'],
      },
    ],
    partly: 'budgets can not be raised yet, since there are none.',
  },
  {
    control: 'MFA-06',
    tests: [
      {
        file: passkeys,
        titles: [
          'MFA-06: a new passkey from another origin is refused',
          'MFA-06: a new passkey of another relying party is refused',
          'MFA-06: a new passkey of another challenge is refused',
          'MFA-06: the challenge of another person, or one that was used, takes no passkey',
          'MFA-06: an assertion from another origin is refused, as second factor and alone',
          'MFA-06: an assertion of another relying party is refused, as second factor and alone',
          'MFA-06: an assertion of another challenge is refused, as second factor and alone',
          'MFA-06: an assertion for the handle of another person is refused, as second factor and alone',
          'MFA-06: as second factor and alone it signs in',
          'MFA-06: alone it must have looked at its person',
          'MFA-06: an answer works once',
          'MFA-06: the passkey of another person, and one that nobody registered, open nothing',
          'MFA-06: a counter that does not grow is a copy',
        ],
      },
    ],
  },
];
