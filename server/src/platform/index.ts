/**
 * Room `platform` (floor 0): what every other room stands on.
 * Owns settings, log, clock, errors, the database's two doors (`withTenant`, `withControl`), jobs,
 * the route table's types and the clients of the key service and the model server.
 * Promises: no tenant row is read outside a tenant transaction, no internal error reaches a client,
 * and nothing here knows a room above it.
 */
export { AppError, ERROR_STATUS, type ErrorCode, type FieldError } from './app-error.ts';
export { readBackupStatus, type BackupStatus } from './backup-status.ts';
export { systemClock, type Clock } from './clock.ts';
export { configSchema, type Config } from './config/config-schema.ts';
export { ConfigError, readConfig, refusesDevelopmentKeys } from './config/read-config.ts';
export {
  anonymous,
  systemActor,
  type Actor,
  type FactorStanding,
  type FieldEncryptor,
  type Platform,
  type RequestContext,
  type TenantRole,
  type StandingRole,
  type TenantStanding,
  type TenantTexts,
} from './context.ts';
export {
  createDatabase,
  type CredentialOf,
  type Database,
  type DatabaseCredential,
} from './db/create-database.ts';
export { notify, NOTIFY_CHANNELS, type NotifyChannel } from './db/notify.ts';
export { databaseAddress } from './db/database-address.ts';
export { BUCKETS, bucketLogin, serverLogins } from './db/login-roles.ts';
export type { EncryptedColumn, EncryptionTier } from './encrypted-column.ts';
export { assertIdentifier, assertUuid, tenantName, type TenantName } from './db/tenant-name.ts';
export type {
  ControlTx,
  PlatformLogTx,
  Row,
  Statements,
  TenantScope,
  TenantTx,
} from './db/types.ts';
export {
  empty,
  endpoint,
  json,
  written,
  type Endpoint,
  type Io,
  type LimitName,
} from './http/endpoint.ts';
export {
  authenticated,
  beforeFactor,
  metricsSecret,
  openToAll,
  platformPermission,
  evenClosed,
  tenantPermission,
  type FeatureName,
  type Guard,
} from './http/guard.ts';
export { openApiDocument } from './http/openapi.ts';
export { isOwnOrigin, ownOrigins } from './http/own-origins.ts';
export { parseInput } from './http/parse-input.ts';
export { bareHeaders, securityHeaders } from './http/security-headers.ts';
export { answerInScim, sendProblem } from './http/send-problem.ts';
export { openEventStream, type EventStream } from './http/sse.ts';
export { JobRefused, RetryLater, type Job } from './jobs/job.ts';
export { cancelJobsOf, enqueueJob, enqueuePlatformJob, enqueueProvisioning } from './jobs/repo.ts';
export { startWalk, type Walk } from './jobs/start-walk.ts';
export type { TenantJob } from './jobs/tenant-job.ts';
export { startWorker, type JobHandler, type Worker } from './jobs/worker.ts';
export { drawBudget, pruneCounters, type Budget, type Draw } from './limits/draw-budget.ts';
export { createLeaseStore } from './limits/lease-store.ts';
export { createLeases, type Leases, type Taken } from './limits/leases.ts';
export {
  insertLockout,
  listLockouts,
  pruneLockouts,
  unlock,
  type Lockout,
} from './limits/lockouts.ts';
export {
  beginTry,
  endTry,
  pruneTries,
  type Lock,
  type Subject,
  type TryKind,
  type TryOutcome,
} from './limits/sign-in-tries.ts';
export { TenantClosed } from './db/tenant-closed.ts';
export type { LiveCheck, LiveFinding } from './live-check.ts';
export { createLog, redact, type Log, type LogFields } from './log.ts';
export {
  createMailClient,
  isRefusal,
  type Letter,
  type SendLetter,
} from './mail/create-mail-client.ts';
export { createSmsGateway, type SendSms, type Sms } from './sms/create-sms-gateway.ts';
export { SmsRefused } from './sms/sms-refused.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { currentTraceId, inSpan, startTracing } from './tracing.ts';
export { createKept, type Kept } from './kept.ts';
export { newId } from './new-id.ts';
export {
  createModelServer,
  type ChatMessage,
  type ChatRequest,
  type ModelServer,
} from './ollama/model-server.ts';
export { addressesOf } from './ollama/transport.ts';
export { createVault } from './vault/create-vault.ts';
export {
  createKeyBackend,
  wrappingVersion,
  type KeyBackend,
  type KeyPlace,
  type KeyVersions,
} from './vault/key-backend.ts';
export { createLocalKeys } from './vault/local-keys.ts';
export {
  noTokenPepper,
  readTokenPepper,
  type Peppered,
  type TokenPepper,
} from './vault/token-pepper.ts';
export { createTransitKeys } from './vault/transit-keys.ts';
export { VaultError, type VaultClient } from './vault/vault-client.ts';
export {
  createResilience,
  type GuardedPart,
  type Resilience,
} from './resilience/create-resilience.ts';
export { createDeadline, noDeadline, type Deadline } from './resilience/deadline.ts';
export { guardDatabase } from './resilience/guard-database.ts';
export { guardModels } from './resilience/guard-models.ts';
export { guardVault } from './resilience/guard-vault.ts';
export { kindOf, type RouteKind } from './resilience/route-kind.ts';
export type { ShareName } from './resilience/shares.ts';
