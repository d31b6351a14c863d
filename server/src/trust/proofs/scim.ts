import type { ControlProof } from './control-proof.ts';

/** People and groups that a directory names. */
export const scimProofs: readonly ControlProof[] = [
  {
    control: 'AUT-08',
    tests: [
      {
        file: 'server/src/identity/scim/scim-refusals.http.test.ts',
        titles: [
          'AUT-08: without its token, with another one, or with an ended one nothing is reached',
          'AUT-08: a token is made by administrators of the tenant alone',
          'AUT-08: a token of one tenant finds in the other what is nowhere',
          'AUT-08: administrators of the platform, service accounts and closed accounts are not touched',
          'AUT-08: of an account of another tenant the membership ends, and nothing else is changed',
          'AUT-08: who has an account in this house, and who has none, is answered alike',
          'AUT-08: a directory sets no password, and takes the last local administrator from nobody',
          'AUT-08: what is no such request is refused in the words of the RFC',
          'AUT-08: whoever stole the password of the database points no person at another’s account',
        ],
      },
      {
        file: 'server/src/identity/scim/scim.http.test.ts',
        titles: [
          'AUT-08: says what it can do',
          'AUT-08: a person comes, is found, is invited, comes in, and is shut out at once',
          'AUT-08: who never came and goes is invited no more',
          'AUT-08: groups come with their people',
          'AUT-08: a group that is kept here is not the directory’s',
          'AUT-08: pages, order, filters and attributes are as asked',
          'AUT-08: what was changed meanwhile is not written over',
          'AUT-08: eight that make the same person at once make one',
        ],
      },
      {
        file: 'server/src/identity/scim/filter.test.ts',
        titles: [
          'AUT-08: every filter that is written reads back as itself',
          'AUT-08: any text is read or refused, and nothing else happens',
        ],
      },
      {
        file: 'server/src/identity/scim/patch.test.ts',
        titles: [
          'AUT-08: replaces, adds and removes as RFC 7644 has it',
          'AUT-08: takes what Entra and Okta send beside the RFC',
          'AUT-08: whatever is sent changes a copy, and nothing beside it',
        ],
      },
    ],
    pages: ['docs/scim.md'],
  },
];
