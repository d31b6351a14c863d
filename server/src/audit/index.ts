/**
 * Room `audit` (floor 1): what happened, in an order nobody can change.
 * Owns the plain insert that each state change makes in its own transaction, the sequencer that
 * appends committed rows to the hash chain of the tenant or of the platform, and its verification.
 * Promises: recording never waits for another transaction, and an event is in the chain within a
 * second of its commit.
 */
export { auditChecks } from './live-checks.ts';
export { record, recordOnPlatform, type AuditEvent, type AuditSource } from './record.ts';
export { sequenceEvents } from './sequence-events.ts';
export { startSequencer, type Sequencer } from './sequencer.ts';
export type { LogPlace } from './open-log.ts';
export { verifyLog, type LogVerdict } from './verify-log.ts';
