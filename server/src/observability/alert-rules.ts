export type AlertSeverity = 'critical' | 'warning';

/** Samples of one metric whose labels have exactly these values, or one of a list. */
export type Selector = {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, readonly string[]>>;
};

/**
 * One alert, for Prometheus and for the evaluator of the server alike: a gauge compared with a limit,
 * or how much a counter has grown over some minutes.
 */
export type AlertRule = {
  readonly name: string;
  readonly severity: AlertSeverity;
  /** Attacks and broken promises, apart from plain operation. */
  readonly security?: true;
  readonly of: Selector;
  /** Of a counter: its growth over so many minutes, all samples together. */
  readonly overMinutes?: number;
  readonly when: 'above' | 'below' | 'is';
  readonly limit: number;
  /** How long it must last before anybody is told. */
  readonly forMinutes: number;
  readonly summary: string;
};

/** The page that says what to do: `docs/runbooks/part-down.md` of CasematePartDown. */
export function runbookOf(name: string): string {
  const words = name
    .replace(/^Casemate/, '')
    .replace(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();
  return `docs/runbooks/${words}.md`;
}

const SIGN_IN = { route: ['/api/session'], method: ['post'] } as const;
const DAY = 86_400;

/** Every alert; each has its page in docs/runbooks. */
export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: 'CasematePartDown',
    severity: 'critical',
    of: { metric: 'casemate_part_up' },
    ...{ when: 'is', limit: 0, forMinutes: 2 },
    summary: 'A part of the appliance does not answer',
  },
  {
    name: 'CasemateKeyServiceSealed',
    severity: 'critical',
    security: true,
    of: { metric: 'casemate_key_service_sealed' },
    ...{ when: 'is', limit: 1, forMinutes: 1 },
    summary: 'The key service is sealed: nothing can be decrypted',
  },
  {
    name: 'CasemateBreakerOpen',
    severity: 'warning',
    of: { metric: 'casemate_breaker_state' },
    ...{ when: 'is', limit: 2, forMinutes: 1 },
    summary: 'The server has stopped asking a part that fails',
  },
  {
    name: 'CasemateDiskLow',
    severity: 'warning',
    of: { metric: 'casemate_disk_free_ratio' },
    ...{ when: 'below', limit: 0.1, forMinutes: 10 },
    summary: 'Less than a tenth of the disk of the data, or of the logs, is free',
  },
  {
    name: 'CasemateDiskFull',
    severity: 'critical',
    of: { metric: 'casemate_disk_free_ratio' },
    ...{ when: 'below', limit: 0.02, forMinutes: 1 },
    summary: 'A disk is all but full: the key service stops when its audit can not be written',
  },
  {
    name: 'CasemateCertificateNearEnd',
    severity: 'warning',
    of: { metric: 'casemate_certificate_expires_seconds' },
    ...{ when: 'below', limit: 14 * DAY, forMinutes: 60 },
    summary: 'The certificate of the server ends within two weeks',
  },
  {
    name: 'CasemateBackupLate',
    severity: 'critical',
    of: { metric: 'casemate_backup_age_seconds' },
    ...{ when: 'above', limit: 26 * 3600, forMinutes: 10 },
    summary: 'The last backup that succeeded is older than 26 hours',
  },
  {
    name: 'CasemateSecretOverdue',
    severity: 'warning',
    security: true,
    of: { metric: 'casemate_secrets', labels: { state: ['overdue'] } },
    ...{ when: 'above', limit: 0, forMinutes: 60 },
    summary: 'A secret is older than its plan allows',
  },
  {
    name: 'CasemateSignInFailures',
    severity: 'warning',
    security: true,
    of: {
      metric: 'casemate_http_request_seconds_count',
      labels: { ...SIGN_IN, status: ['401', '429'] },
    },
    ...{ overMinutes: 10, when: 'above', limit: 30, forMinutes: 0 },
    summary: 'Many sign-ins fail: somebody may be guessing passwords',
  },
  {
    name: 'CasemateLockouts',
    severity: 'warning',
    security: true,
    of: { metric: 'casemate_lockouts' },
    ...{ when: 'above', limit: 5, forMinutes: 5 },
    summary: 'Several accounts or addresses are locked out',
  },
  {
    name: 'CasemateAccessRefused',
    severity: 'warning',
    security: true,
    of: { metric: 'casemate_http_request_seconds_count', labels: { status: ['403'] } },
    ...{ overMinutes: 10, when: 'above', limit: 50, forMinutes: 0 },
    summary: 'Many requests were forbidden: an account may be trying doors that are not its own',
  },
  {
    name: 'CasemateAuditChainBroken',
    severity: 'critical',
    security: true,
    of: { metric: 'casemate_audit_chain_broken' },
    ...{ when: 'is', limit: 1, forMinutes: 0 },
    summary: 'The audit log does not verify: it was altered, or its protection is gone',
  },
  {
    name: 'CasemateAuditBehind',
    severity: 'warning',
    of: { metric: 'casemate_audit_unsequenced_events' },
    ...{ when: 'above', limit: 10_000, forMinutes: 5 },
    summary: 'Audit events wait too long to be put into the log',
  },
  {
    name: 'CasemateControlFailing',
    severity: 'warning',
    security: true,
    of: { metric: 'casemate_controls', labels: { status: ['fail'] } },
    ...{ when: 'above', limit: 0, forMinutes: 0 },
    summary: 'A control of the trust page fails on this installation',
  },
  {
    name: 'CasemateNotSilent',
    severity: 'critical',
    security: true,
    of: { metric: 'casemate_egress_silent' },
    ...{ when: 'is', limit: 0, forMinutes: 0 },
    summary: 'The last egress test saw something leave, or proved nothing',
  },
  {
    name: 'CasemateErrors',
    severity: 'warning',
    of: {
      metric: 'casemate_http_request_seconds_count',
      labels: { status: ['500', '502', '503', '504'] },
    },
    ...{ overMinutes: 5, when: 'above', limit: 20, forMinutes: 0 },
    summary: 'Requests fail by faults of the server or its parts',
  },
  {
    name: 'CasemateRequestsShed',
    severity: 'warning',
    of: { metric: 'casemate_requests_shed_total' },
    ...{ overMinutes: 5, when: 'above', limit: 50, forMinutes: 0 },
    summary: 'The server refuses requests because it has too much to do',
  },
  {
    name: 'CasemateJobsWaiting',
    severity: 'warning',
    of: { metric: 'casemate_job_oldest_wait_seconds' },
    ...{ when: 'above', limit: 900, forMinutes: 5 },
    summary: 'A job waits longer than a quarter of an hour: documents are not read',
  },
  {
    name: 'CasemateJobsFailing',
    severity: 'warning',
    of: { metric: 'casemate_jobs_total', labels: { outcome: ['failed'] } },
    ...{ overMinutes: 15, when: 'above', limit: 10, forMinutes: 0 },
    summary: 'Jobs fail for good',
  },
  {
    name: 'CasemateTenantFailed',
    severity: 'warning',
    of: { metric: 'casemate_tenants', labels: { state: ['failed'] } },
    ...{ when: 'above', limit: 0, forMinutes: 10 },
    summary: 'A tenant could not be built or removed',
  },
];
