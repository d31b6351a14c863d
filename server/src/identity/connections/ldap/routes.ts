import { z } from 'zod';
import {
  authenticated,
  empty,
  endpoint,
  json,
  openToAll,
  platformPermission,
  tenantPermission,
  type Endpoint,
  type Guard,
} from '../../../platform/index.ts';
import { email } from '../../account-schema.ts';
import { challengeSchema, presentChallenge } from '../../factors/schema.ts';
import type { IdentityParts } from '../../parts.ts';
import { setRefreshCookie } from '../../refresh-cookie.ts';
import { sessionSchema } from '../../session-schema.ts';
import { decisionView } from '../connection-schema.ts';
import { examineDirectory } from './examine-directory.ts';
import { linkByPassword, signInByPassword } from './sign-in-by-password.ts';

/** What is typed for a directory. It may be long, and has no rules of ours. */
const password = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => !text.includes('\0'), 'can hold no such character');
const connection = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is no connection');
const typed = z.strictObject({ connection, email, password });

const examined = z.object({
  steps: z.array(z.object({ step: z.string(), fault: z.string().nullable() })),
  found: z
    .object({
      dn: z.string(),
      email: z.string().nullable(),
      name: z.string().nullable(),
      groups: z.array(z.string()),
    })
    .nullable(),
  decision: decisionView.nullable(),
});

/** Signing in with the password of a directory that the server asks, and the test of one. */
export function directoryRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/session/directory',
      summary: 'Sign in with the password of an LDAP directory: a session, or a challenge',
      guard: openToAll,
      limit: 'sign-in',
      input: { body: typed },
      output: json(z.union([sessionSchema, challengeSchema]), 201),
      audit: ['session.start', 'session.lock', 'directory.admit', 'account.create'],
      run: async (ctx, { body }, { response }) => {
        const outcome = await signInByPassword(ctx, parts, body);
        if (outcome.kind === 'challenge') return presentChallenge(outcome.asked);
        setRefreshCookie(response, outcome.signedIn.refreshToken);
        return outcome.signedIn.view;
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/me/identities/directory',
      summary: 'Connect one’s own account with an LDAP directory, by the password there',
      guard: authenticated,
      limit: 'account',
      input: { body: typed },
      output: empty,
      audit: ['external_identity.link', 'session.lock'],
      run: (ctx, { body }) => linkByPassword(ctx, parts, body),
    }),
    examineRoute(parts, {
      prefix: '/api/tenants/:tenantId',
      guard: tenantPermission('sign-in.manage'),
      params: { tenantId: z.uuid() },
    }),
    examineRoute(parts, {
      prefix: '/api/platform',
      guard: platformPermission('sign-in.manage'),
      params: {},
    }),
  ];
}

type Owned = {
  prefix: '/api/tenants/:tenantId' | '/api/platform';
  guard: Guard;
  params: { tenantId?: z.ZodUUID };
};

function examineRoute(parts: IdentityParts, { prefix, guard, params: of }: Owned): Endpoint {
  return endpoint({
    method: 'post',
    path: `${prefix}/connections/:connectionId/examine`,
    summary: 'Ask an LDAP directory for somebody, step by step; changes nothing',
    guard,
    stepUp: true,
    limit: 'account',
    input: {
      params: z.strictObject({ ...of, connectionId: z.uuid() }),
      body: z.strictObject({ email, password: password.nullable() }),
    },
    output: json(examined),
    audit: ['connection.examine', 'session.lock'],
    run: (ctx, { params, body }) => {
      const { tenantId } = params as { tenantId?: unknown };
      const owner = { tenantId: typeof tenantId === 'string' ? tenantId : null };
      return examineDirectory(ctx, parts, { owner, id: params.connectionId, ...body });
    },
  });
}
