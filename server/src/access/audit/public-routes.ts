/** Routes that anybody may call, and why. One more is a decision: the audit of guards fails without it. */
export const PUBLIC_ROUTES: Readonly<Record<string, string>> = {
  'get /health/live': 'a load balancer asks it; says nothing but that the process runs',
  'get /health/ready': 'a load balancer asks it; names parts, never their addresses',
  'get /.well-known/jwks.json': 'public keys (RFC 7517)',
  'get /.well-known/security.txt': 'where to report a vulnerability (RFC 9116)',
  'get /.well-known/security-policy.txt': 'the policy that security.txt names',
  'get /api/openapi.json': 'the description of the interface, the same for everybody',
  'get /api/setup/:token': 'the link holds a one-time secret of 256 bits',
  'post /api/setup': 'the link holds a one-time secret of 256 bits',
  'post /api/invitations/read': 'the body holds a one-time secret of 256 bits',
  'post /api/invitations/accept': 'the body holds a one-time secret of 256 bits',
  'post /api/password/forgotten':
    'answers every address alike, three times an hour for each, and mails its holder alone',
  'post /api/password/read': 'the body holds a one-time secret of 256 bits',
  'post /api/password/reset': 'the body holds a one-time secret of 256 bits',
  'post /api/session': 'signing in; wrong passwords are limited by address and account',
  'post /api/session/factor':
    'the second step of signing in; the challenge is a one-time secret of 256 bits',
  'post /api/session/factor/sms':
    'sends a code to the phone of whoever gave the right password; counted by person and number',
  'post /api/session/reset': 'link and challenge are one-time secrets of 256 bits',
  'post /api/session/passkey/challenge': 'a fresh random number, which says nothing of anybody',
  'post /api/session/passkey': 'signing in; the passkey signs the challenge',
  'post /api/session/refresh': 'the cookie authenticates; taken from the own origin alone',
  'post /api/session/ways':
    'which connections an e-mail domain has; says nothing of whether there is such a person',
  'post /api/session/directory':
    'signs in with the password of a directory, counted as any sign-in is',
  'post /api/session/sso': 'begins a sign-in at a provider, bound to the browser',
  'post /api/session/sso/answer':
    'state and code are one-time secrets, taken in the browser that began',
  'post /api/session/sso/back-channel': 'the body is a token that the provider has signed',
  'post /api/session/saml/answer':
    'keeps what a directory sent for a minute, for the browser that began the sign-in; believes nothing',
  'get /api/session/saml/:connection/metadata': 'the public description of one connection',
  'get /api/session/saml/:connection/sign-out':
    'the address holds a request that the provider has signed',
  'post /api/mobile/session':
    'signing in on a phone; refused to browsers, limited by address and account',
  'post /api/mobile/session/factor': 'the second step of it; needs challenge and verifier',
  'post /api/mobile/session/sms': 'as post /api/session/factor/sms; needs the verifier too',
  'post /api/mobile/session/refresh': 'the body holds a one-time secret of 256 bits',
  'post /api/mobile/session/end': 'ends the session whose one-time secret the body holds',
  'delete /api/session': 'ends the session that the cookie names, and no other',
};
