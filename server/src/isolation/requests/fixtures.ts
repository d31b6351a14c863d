import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../platform/index.ts';
import { positionName, routeName, type Position } from './positions.ts';

/** The things of a tenant whose ids a request can name. */
export type ObjectKind =
  | 'tenant'
  | 'account'
  | 'spareAccount'
  | 'invitation'
  | 'session'
  | 'document'
  | 'spareDocument'
  | 'failedDocument'
  | 'chunk'
  | 'conversation'
  | 'spareConversation'
  | 'talk'
  | 'message'
  | 'report'
  | 'apiKey'
  | 'spareApiKey'
  | 'serviceAccount'
  | 'spareServiceAccount'
  | 'group'
  | 'spareGroup'
  | 'connection'
  | 'spareConnection'
  | 'emailDomain'
  | 'spareEmailDomain'
  | 'customRole'
  | 'spareCustomRole'
  | 'visit'
  | 'spareVisit'
  | 'platformVisit'
  | 'endedVisit'
  | 'directoryUser'
  | 'spareDirectoryUser'
  | 'directoryGroup'
  | 'spareDirectoryGroup'
  /** Of a passkey: a person's own, of which a canary has none. */
  | 'credential';

/** What a name of a position means. A name that is not here fails the test until somebody adds it. */
const BY_NAME: Readonly<Record<string, ObjectKind>> = {
  tenantId: 'tenant',
  accountId: 'account',
  invitationId: 'invitation',
  sessionId: 'session',
  documentId: 'document',
  chunkId: 'chunk',
  conversationId: 'conversation',
  messageId: 'message',
  reportId: 'report',
  keyId: 'apiKey',
  serviceAccountId: 'serviceAccount',
  groupId: 'group',
  connectionId: 'connection',
  domainId: 'emailDomain',
  breakGlass: 'account',
  visitId: 'visit',
  roleId: 'customRole',
  customRoles: 'customRole',
  directoryUserId: 'directoryUser',
  directoryGroupId: 'directoryGroup',
  // Of wrapping keys: a tenant, or the platform.
  owner: 'tenant',
};

/** Where a name alone does not say it, or the twin would destroy what others need. */
const BY_PLACE: Readonly<Record<string, ObjectKind>> = {
  'get /api/platform/keys query.after': 'tenant',
  'patch /api/tenants/:tenantId/team/:accountId path.accountId': 'spareAccount',
  'delete /api/tenants/:tenantId/team/:accountId path.accountId': 'spareAccount',
  'get /api/tenants/:tenantId/documents query.after': 'document',
  'get /api/tenants/:tenantId/conversations query.after': 'conversation',
  'delete /api/tenants/:tenantId/documents/:documentId path.documentId': 'spareDocument',
  'delete /api/tenants/:tenantId/api-keys/:keyId path.keyId': 'spareApiKey',
  'delete /api/tenants/:tenantId/service-accounts/:serviceAccountId path.serviceAccountId':
    'spareServiceAccount',
  'delete /scim/v2/:tenantId/Users/:directoryUserId path.directoryUserId': 'spareDirectoryUser',
  'delete /scim/v2/:tenantId/Groups/:directoryGroupId path.directoryGroupId': 'spareDirectoryGroup',
  'delete /api/tenants/:tenantId/groups/:groupId path.groupId': 'spareGroup',
  'delete /api/tenants/:tenantId/connections/:connectionId path.connectionId': 'spareConnection',
  'delete /api/tenants/:tenantId/email-domains/:domainId path.domainId': 'spareEmailDomain',
  'delete /api/tenants/:tenantId/roles/:roleId path.roleId': 'spareCustomRole',
  'post /api/tenants/:tenantId/visits/:visitId/end path.visitId': 'spareVisit',
  'post /api/platform/visits/:visitId/decision path.visitId': 'platformVisit',
  'post /api/platform/visits/:visitId/end path.visitId': 'endedVisit',
  'post /api/tenants/:tenantId/documents/:documentId/retry path.documentId': 'failedDocument',
  'delete /api/tenants/:tenantId/conversations/:conversationId path.conversationId':
    'spareConversation',
  'post /api/tenants/:tenantId/conversations/:conversationId/messages path.conversationId': 'talk',
  'post /api/me/factors/passkeys body.response.id': 'credential',
  'post /api/me/factors/passkeys body.response.rawId': 'credential',
  'post /api/me/step-up body.answer.response.id': 'credential',
  'post /api/me/step-up body.answer.response.rawId': 'credential',
  'post /api/session/factor body.answer.response.id': 'credential',
  'post /api/session/factor body.answer.response.rawId': 'credential',
  'post /api/session/passkey body.response.id': 'credential',
  'post /api/session/passkey body.response.rawId': 'credential',
};

/** The kind of thing that a position names; undefined when nobody has declared it. */
export function objectAt(route: Endpoint, position: Position): ObjectKind | undefined {
  const name = position.at.findLast((key) => key !== '0') ?? '';
  return BY_PLACE[`${routeName(route)} ${positionName(position)}`] ?? BY_NAME[name];
}

export const QUESTION = 'What is the access code of the north casemate?';

/** Values, or what makes one each time, that a route needs beyond what its schema says for its rightful use. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'get /api/tenants/:tenantId/search': { 'query.q': 'access code of the north casemate' },
  'post /api/tenants/:tenantId/email-domains': { 'body.domain': 'canary.casemate.invalid' },
  // Every group of a tenant has a name of its own.
  'post /api/tenants/:tenantId/groups': {
    'body.name': () => `A canary group ${randomBytes(6).toString('hex')}`,
  },
  // Two roles of a tenant have two names.
  'put /api/tenants/:tenantId/roles/:roleId': { 'body.name': 'A canary role by another name' },
  // Who would be let in would be at home in the canary.
  'post /api/tenants/:tenantId/visits/:visitId/decision': { 'body.approve': false },
  'put /api/tenants/:tenantId/visit-rule': { 'body.byPlatform': false },
  // Everything in its body can be left out, and then nothing changes.
  'patch /api/tenants/:tenantId/team/:accountId': { 'body.role': 'member' },
  'post /api/tenants/:tenantId/conversations/:conversationId/messages': {
    'body.content': QUESTION,
  },
  'patch /api/tenants/:tenantId/groups/:groupId': { 'body.role': 'reviewer' },
  'get /scim/v2/:tenantId/Schemas/:name': {
    'path.name': 'urn:ietf:params:scim:schemas:core:2.0:User',
  },
  'get /scim/v2/:tenantId/ResourceTypes/:name': { 'path.name': 'User' },
  // Another issuer or client than before: its secret is given again.
  'put /api/tenants/:tenantId/connections/:connectionId': { 'body.secret': 'of a canary' },
  'put /api/tenants/:tenantId/platform-connections/:connectionId': {
    'body.terms': 'ab'.repeat(32),
  },
};

export function sampleAt(route: Endpoint, position: string): unknown {
  const sample = SAMPLES[routeName(route)]?.[position];
  return typeof sample === 'function' ? (sample as () => unknown)() : sample;
}

export function samplePositions(route: Endpoint): readonly string[] {
  return Object.keys(SAMPLES[routeName(route)] ?? {});
}

/** Bodies that no schema of a route describes: what directories send differs, and is read by the action. */
const BODIES: Readonly<Record<string, (text: string) => object>> = {
  'post /scim/v2/:tenantId/Users': directoryUser,
  'put /scim/v2/:tenantId/Users/:directoryUserId': directoryUser,
  'patch /scim/v2/:tenantId/Users/:directoryUserId': rename,
  'post /scim/v2/:tenantId/Groups': (displayName) => ({ displayName }),
  'put /scim/v2/:tenantId/Groups/:directoryGroupId': (displayName) => ({ displayName }),
  'patch /scim/v2/:tenantId/Groups/:directoryGroupId': rename,
};

function directoryUser(text: string): object {
  return { userName: `${text.replace(/\W/g, '')}@canary.invalid`, active: false };
}

function rename(value: string): object {
  return { Operations: [{ op: 'replace', path: 'displayName', value }] };
}

/** The body of a route that reads it itself, made of a text that is used once; undefined: the text. */
export function bodyFor(route: Endpoint, text: string): object | undefined {
  return BODIES[routeName(route)]?.(text);
}

/** The canaries are of the usual tier; room `tenancy/seal` tests the other with its own tenants. */
const NO_SEAL = 'a canary holds no seal of its own, and its owner is told so';

const NO_VISITOR = 'nobody visits a canary, and its owner is told so';
const NO_PASSWORD = 'no password opens the account of a canary, and its owner is told so';
const NO_DIRECTORY = 'no directory is behind the connection of a canary, and its owner is told so';
const NOT_OF_A_TENANT =
  'a tenant’s own connection is none of the platform, and its owner is told so';
const OF_ALL = 'it is the same of every tenant';
const NO_LINK = 'a canary gets no mail, so its owner holds no link';

/**
 * Routes whose rightful use can give no canary and change nothing on a canary tenant, and why. Their
 * twin shows that the owner reaches the route's own answer where others find no such tenant. A new
 * route of this sort fails the test until somebody has looked at it and added it here.
 */
const REACHED: Readonly<Record<string, string>> = {
  'post /api/tenants/:tenantId/conversations/:conversationId/messages/:messageId/stop':
    'an answer that has ended is left as it is; kind `streams` stops a running one',
  'put /api/me/password': NO_PASSWORD,
  'post /api/me/email': NO_PASSWORD,
  'post /api/me/email/confirm': NO_LINK,
  'post /api/me/invitations': NO_LINK,
  'delete /api/me/sessions': 'a canary is signed in once, and stays so',
  'delete /api/me/sessions/:sessionId': 'the session that asks is not ended here',
  'get /api/tenants/:tenantId/sign-in': 'rules of sign-in name nothing of a canary',
  'put /api/tenants/:tenantId/sign-in': 'a canary has no password that could break the glass',
  'post /api/tenants/:tenantId/connections/:connectionId/state': NO_DIRECTORY,
  'post /api/tenants/:tenantId/connections/:connectionId/dry-run': NO_DIRECTORY,
  'post /api/tenants/:tenantId/connections/:connectionId/test': NO_DIRECTORY,
  'post /api/tenants/:tenantId/connections/:connectionId/examine': NO_DIRECTORY,
  'post /api/tenants/:tenantId/connections/saml-metadata':
    'it reads the text that it is sent and keeps nothing, and its owner is told what is wrong with it',
  'get /api/tenants/:tenantId/platform-connections':
    'connections of the platform name nothing of a canary',
  'put /api/tenants/:tenantId/platform-connections/:connectionId': NOT_OF_A_TENANT,
  'delete /api/tenants/:tenantId/platform-connections/:connectionId': NOT_OF_A_TENANT,
  'post /api/tenants/:tenantId/email-domains': 'a domain is claimed once, and its owner is told so',
  'post /api/tenants/:tenantId/email-domains/:domainId/check':
    'no DNS knows the domain of a canary, and its owner is told so',
  'get /api/tenants/:tenantId/levels': 'the levels of a tenant are numbers, which hold no canary',
  'get /api/tenants/:tenantId/second-factors':
    'the rule of a tenant is yes or no, which holds no canary',
  'post /api/tenants/:tenantId/access-review':
    'a review is signed with the digest of what was seen, and its owner is told so',
  'get /api/tenants/:tenantId/visits': NO_VISITOR,
  'get /api/tenants/:tenantId/visits/open': NO_VISITOR,
  'get /api/tenants/:tenantId/visits/:visitId/views': NO_VISITOR,
  'get /scim/v2/:tenantId/ServiceProviderConfig': OF_ALL,
  'get /scim/v2/:tenantId/ResourceTypes': OF_ALL,
  'get /scim/v2/:tenantId/ResourceTypes/:name': OF_ALL,
  'get /scim/v2/:tenantId/Schemas': OF_ALL,
  'get /scim/v2/:tenantId/Schemas/:name': OF_ALL,
  'get /api/tenants/:tenantId/seal': NO_SEAL,
  'post /api/tenants/:tenantId/seal/shares': NO_SEAL,
  'post /api/tenants/:tenantId/seal/shares/take': NO_SEAL,
  'post /api/tenants/:tenantId/seal/open': NO_SEAL,
  'post /api/tenants/:tenantId/seal/close': NO_SEAL,
};

/**
 * Routes of one's own second factors. They hold nothing of any tenant, and a canary has none; their tests in
 * room `identity` show that what is another person's opens nothing there.
 */
const OWN: ReadonlySet<string> = new Set([
  'get /api/me/identities',
  'post /api/me/identities',
  'post /api/me/identities/directory',
  'delete /api/me/identities/:identity',
  'get /api/me/sign-out',
  'get /api/me/factors',
  'post /api/me/factors/totp',
  'post /api/me/factors/totp/:factor/confirm',
  'post /api/me/factors/passkeys/challenge',
  'post /api/me/factors/passkeys',
  'post /api/me/factors/phone',
  'post /api/me/factors/phone/:factor/confirm',
  'post /api/me/step-up/sms',
  'delete /api/me/factors/:factor',
  'post /api/me/recovery-codes',
  'post /api/me/step-up/challenge',
  'post /api/me/step-up',
]);

/** Whether the owner of such a route got its own answer, rather than the one for strangers. */
export function isReached(route: Pick<Endpoint, 'method' | 'path'>, status: number): boolean {
  const name = routeName(route);
  if (status >= 500 || [401, 403, 405].includes(status)) return false;
  return OWN.has(name) || (name in REACHED && status !== 404);
}

/** What a text must end with to get past the check that comes before the database. */
const ENDINGS: Readonly<Record<string, string>> = {
  'post /api/tenants/:tenantId/documents query.name': '.md',
};

export function endingAt(route: Endpoint, position: Position): string {
  return ENDINGS[`${routeName(route)} ${positionName(position)}`] ?? '';
}

/** Routes of the platform that take any text without changing anything beside the canaries. */
const HARMLESS: ReadonlySet<string> = new Set([
  'patch /api/tenants/:tenantId',
  'delete /api/tenants/:tenantId',
  'post /api/tenants/:tenantId/suspend',
  'post /api/tenants/:tenantId/resume',
  'post /api/tenants/:tenantId/retry',
  'post /api/platform/secrets/:name/rotate',
  'post /api/platform/keys/:owner/rotations',
  'post /api/platform/lockouts/:lockout/end',
  'post /api/platform/visits',
  'post /api/platform/visits/:visitId/decision',
  'post /api/platform/visits/:visitId/end',
  'post /api/platform/factor-resets',
  'post /api/platform/invitations',
  'post /api/platform/invitations/:invitationId/resend',
  'delete /api/platform/invitations/:invitationId',
  'post /api/platform/accounts/:accountId/deactivate',
  'post /api/platform/accounts/:accountId/reactivate',
  'post /api/platform/accounts/:accountId/sign-out',
  'post /api/platform/accounts/:accountId/reset',
  'post /api/platform/accounts/:accountId/email',
  'delete /api/platform/accounts/:accountId',
  // Without a domain that the platform has shown to be its own there is no connection of it, and what
  // is no domain is claimed by nobody.
  'post /api/platform/connections',
  'put /api/platform/connections/:connectionId',
  'post /api/platform/connections/saml-metadata',
  'post /api/platform/connections/:connectionId/state',
  'post /api/platform/connections/:connectionId/dry-run',
  'post /api/platform/connections/:connectionId/test',
  'post /api/platform/connections/:connectionId/examine',
  'delete /api/platform/connections/:connectionId',
  'post /api/platform/email-domains',
  'post /api/platform/email-domains/:domainId/check',
  'delete /api/platform/email-domains/:domainId',
  'post /api/platform/email-domain-claims/:domainId/confirm',
]);

/** Routes of the platform that would make something with every text: they get one with everything in it. */
const MAKING: ReadonlySet<string> = new Set(['post /api/tenants']);

/**
 * How many texts a route may be sent by who may use it. A route of the platform that writes and is
 * on neither list gets none, and its fields stay uncovered until somebody has looked at it.
 */
export function textsFor(route: Endpoint): 'all' | 'one' | 'none' {
  if (route.guard.kind !== 'platform' || route.method === 'get') return 'all';
  if (HARMLESS.has(routeName(route))) return 'all';
  return MAKING.has(routeName(route)) ? 'one' : 'none';
}

/** Permissions on what belongs to one person: others of the same tenant are strangers to it. */
export const PERSONAL: ReadonlySet<string> = new Set(['conversations.use']);
