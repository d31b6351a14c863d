import type { ControlProof } from './control-proof.ts';

const oidc = 'server/src/identity/connections/oidc/oidc.http.test.ts';

/** Sign-in at a company's own directory. */
export const directoryProofs: readonly ControlProof[] = [
  {
    control: 'AUT-06',
    tests: [
      {
        file: oidc,
        titles: [
          'AUT-06: goes out with code, PKCE, state and nonce; the secret of the client is in no answer',
          'AUT-06: makes a verified account with the role of its groups, at a real provider',
          'AUT-06: an answer is heard once, in the browser that began',
          'AUT-06: a code of another sign-in, put into this one, opens nothing',
          'AUT-06: the answer of another issuer is refused',
          'AUT-06: refuses a token',
          'AUT-06: believes an address only where it is said to be verified',
          'AUT-06: keys that the provider has changed count at once',
        ],
      },
      {
        file: 'server/src/identity/connections/oidc/provider-sessions.http.test.ts',
        titles: [
          'AUT-06: the address of whoever runs the platform takes nobody there',
          'AUT-06: a test shows what the provider says and what would come of it',
        ],
      },
      {
        file: 'server/src/identity/connections/saml/saml.http.test.ts',
        titles: [
          'AUT-06: makes a verified account with the role of its groups, at a real provider of another hand',
          'AUT-06: goes out with a request of its own',
          'AUT-06: an answer is kept for a minute, and for the browser that began',
          'AUT-06: a directory that begins by itself',
          'AUT-06: refuses a response',
          'AUT-06: refuses a signature',
          'AUT-06: refuses a wrapped signature',
          'AUT-06: reads no comment, no CDATA, no instruction, no entity and no DTD',
          'AUT-06: refuses what another key has signed',
          'AUT-06: an assertion is heard once',
        ],
      },
      {
        file: 'server/src/identity/connections/saml/saml-sessions.http.test.ts',
        titles: [
          'AUT-06: any of several certificates counts while it is in force',
          'AUT-06: a link is of one provider and of what names people there',
          'AUT-06: a test shows what the directory says',
        ],
      },
      {
        file: 'server/src/identity/connections/sign-in-rules.http.test.ts',
        titles: ['AUT-06: where single sign-on alone is let in no password opens the tenant'],
      },
      {
        file: 'server/src/identity/connections/connections.http.test.ts',
        titles: [
          'AUT-06: a connection to a host that nobody listed',
          'AUT-06: a claimed domain counts for nothing until it was shown',
          'AUT-06: no account for an address that is not vouched for',
          'AUT-06: neither an administrator of the platform nor somebody of another tenant',
          'AUT-06: what somebody wrote into the database links nobody',
        ],
      },
      {
        file: 'server/src/identity/connections/ldap/lies.http.test.ts',
        titles: [
          'AUT-06: one that',
          'AUT-06: under StartTLS no password is sent where TLS is refused',
          'AUT-06: an account of Active Directory that is disabled',
        ],
      },
      {
        file: 'server/src/identity/connections/ldap/fill-filter.test.ts',
        titles: ['AUT-06: what somebody types stays a value'],
      },
      {
        file: 'server/src/identity/connections/policy.test.ts',
        titles: [
          'AUT-06: nobody new by an address that is not vouched for',
          'AUT-06: no account without its own yes that could do more than a member',
        ],
      },
    ],
  },
];
