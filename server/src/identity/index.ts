/**
 * Room `identity` (floor 2): people and their sessions.
 * Owns accounts, passwords and their hashing process, sign-in, access and refresh tokens, one-time
 * set-up links and memberships.
 * Promises: a password is stored only as bcrypt of cost 12, a refresh token works once, an unknown
 * account answers like a wrong password, and an ended session is refused within two seconds, in requests
 * that are open as well, and an account or membership that the server did not write counts for nothing.
 */
export { createAccessTokens, type AccessTokens } from './access-token.ts';
export { examineKeptKeys } from './api-keys/examine-kept-keys.ts';
export { listAllKeys, revokeAnyKey } from './api-keys/platform-keys.ts';
export { apiKeyRoutes } from './api-keys/routes.ts';
export { keepDirectories } from './connections/ldap/recheck-directories.ts';
export { setConnectionState } from './connections/change-connections.ts';
export { listEveryConnection } from './connections/list-every-connection.ts';
export { changeSignInRules } from './connections/sign-in-rules.ts';
export { connectionRoutes } from './connections/routes.ts';
export { singleSignOnRoutes } from './connections/sign-in-routes.ts';
export { createAuthenticator, personOf, type Authenticated } from './authenticate.ts';
export { pruneChallenges } from './factors/challenge-repo.ts';
export { resetFactors } from './factors/reset-factors.ts';
export { findDevice, maybeDevice } from './device-cookie.ts';
export { endCheckSession, makeCheckSession, type CheckSession } from './check-session.ts';
export { findAuditId } from './find-audit-id.ts';
export { listEmails } from './list-emails.ts';
export { findNames } from './find-names.ts';
export { findPerson } from './find-person.ts';
export { findStanding } from './find-standing.ts';
export { isMember, joinTenant } from './join-tenant.ts';
export { endCanarySession, makeCanary, type MadeCanary } from './make-canary.ts';
export { identityChecks } from './live-checks.ts';
export { makeSetupLink, type MadeLink } from './make-setup-link.ts';
export type { IdentityParts } from './parts.ts';
export { accountJobs, keepAccounts, queueLockNotice } from './mail/account-jobs.ts';
export { sha1Of, writeLeakedStore } from './passwords/leaked-store.ts';
export { createLeakedPasswords } from './passwords/leaked-passwords.ts';
export { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';
export { startEncryptingPeople } from './scim/encrypt-people.ts';
export { adoptRows, startAdopting } from './rights/adopt-rows.ts';
export { acceptRows, listUntrusted } from './rights/untrusted-rows.ts';
export { createRights, type Rights } from './rights/rights.ts';
export { accountRoutes } from './accounts/routes.ts';
export { deactivate, erase, reactivate } from './accounts/change-state.ts';
export { listOpenInvitations, listPeople } from './accounts/list-people.ts';
export { findStored } from './accounts/repo.ts';
export { invite, withdrawInvitation } from './invitations/invite.ts';
export { linkRoutes } from './links/routes.ts';
export { ownRoutes } from './own/routes.ts';
export { makeResetLink } from './passwords/reset-password.ts';
export { groupRoutes } from './groups/routes.ts';
export { visitRoutes } from './visits/routes.ts';
export { recordView } from './visits/record-view.ts';
export { reviewAccess } from './reviews/review-access.ts';
export { reviewRoutes } from './reviews/routes.ts';
export { deleteCustomRole, listCustomRoles } from './standing/custom-roles.ts';
export { listFeatureLevels, setFeatureLevels } from './standing/feature-levels.ts';
export { endVisit } from './visits/change-visits.ts';
export { listVisits } from './visits/list-visits.ts';
export { standingRoutes } from './standing/routes.ts';
export { scimRoutes } from './scim/routes.ts';
export { scimSetUpRoutes } from './scim/set-up-routes.ts';
export { teamRoutes } from './team/routes.ts';
export { identityRoutes } from './routes.ts';
export { createSessionCache } from './session-cache.ts';
export { createSessionWatch, type Credential } from './session-watch.ts';
export { withdrawnKeys } from './repo.ts';
