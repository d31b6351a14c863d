/**
 * Room `trust` (floor 7): the register of controls and what proves each of them.
 * Owns `controls.tsv`, the reviewed list of proofs, the runs of the live checks, the reading of the
 * signed test report, and the evidence that the key service signs.
 * Promises: a control passes only by the whole proof that is declared for it, on this version; what
 * is not proven shows as missing.
 */
export { findFault } from './evidence/find-fault.ts';
export type { HostStatement } from './evidence/read-host-key.ts';
export {
  listEvidenceKeys,
  SIGNED_TYPES,
  signEvidence,
  verifyEvidence,
  type EvidenceKey,
  type Signed,
  type SignedEvidence,
} from './evidence/signed-evidence.ts';
export {
  egressReportSchema,
  type EgressReport,
  type SignedEgress,
} from './egress/egress-report.ts';
export { egressCheck } from './egress/check-egress.ts';
export { keepEgressReport } from './egress/keep-egress-report.ts';
export { readEgressReport } from './egress/read-egress-report.ts';
export { type Finding } from './judge-control.ts';
export { askServer } from './live-checks/ask-server.ts';
export { headerFaults } from './live-checks/header-faults.ts';
export { trustChecks } from './live-checks/index.ts';
export { controlProofs } from './proofs/index.ts';
export { readControlStatuses } from './read-control-statuses.ts';
export { trustRoutes } from './routes.ts';
export { verifyControls, type TrustParts, type Wish } from './verify-controls.ts';
