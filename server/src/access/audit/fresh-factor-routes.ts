import type { Endpoint } from '../../platform/index.ts';

/**
 * MFA-05: what these permissions change decides who may do what, or ends it for good; so a route that
 * changes something under one of them asks for a fresh factor.
 */
const OF_HIGH_VALUE: ReadonlySet<string> = new Set([
  'accounts.manage',
  'team.manage',
  'access.manage',
  'sign-in.manage',
  'api-keys.manage',
  'api-keys.use',
  'directory.provision',
  'factors.reset',
  'lockouts.end',
  'secrets.rotate',
  'tenants.delete',
  'visits.ask',
  'visits.decide',
]);

/** Routes under them that go without, and why. One more is a decision, as with the public ones. */
const WITHOUT: Readonly<Record<string, string>> = {
  'post /api/platform/accounts/:accountId/sign-out':
    'ends sessions: must be quick when one is stolen',
  'delete /api/platform/invitations/:invitationId': 'takes an invitation back',
  'delete /api/tenants/:tenantId/invitations/:invitationId': 'takes an invitation back',
  'post /api/platform/connections/:connectionId/dry-run': 'changes nothing',
  'post /api/tenants/:tenantId/connections/:connectionId/dry-run': 'changes nothing',
  'post /api/platform/connections/:connectionId/test': 'changes nothing',
  'post /api/tenants/:tenantId/connections/:connectionId/test': 'changes nothing',
  'post /api/platform/connections/saml-metadata': 'changes nothing',
  'post /api/tenants/:tenantId/connections/saml-metadata': 'changes nothing',
  'post /api/platform/email-domains/:domainId/check': 'the DNS decides',
  'post /api/tenants/:tenantId/email-domains/:domainId/check': 'the DNS decides',
  'delete /api/tenants/:tenantId/api-keys/:keyId': 'ends a key: must be quick when one is stolen',
  'delete /api/tenants/:tenantId/service-accounts/:serviceAccountId':
    'ends keys: must be quick when one is stolen',
  'post /api/platform/visits/:visitId/end': 'ends a visit',
  'post /api/tenants/:tenantId/visits/:visitId/end': 'ends a visit',
};

/** What is wrong with a route that changes something of high value; null: nothing. */
export function lackOfFreshFactor({ method, path, guard, stepUp }: Endpoint): string | null {
  if (method === 'get' || stepUp === true) return null;
  if (!('permission' in guard) || !OF_HIGH_VALUE.has(guard.permission)) return null;
  return `${method} ${path}` in WITHOUT
    ? null
    : 'It changes something of high value without a fresh second factor, and no reason is on record';
}
