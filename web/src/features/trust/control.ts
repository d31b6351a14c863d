import type { TrustPage } from '../../lib/api/types.ts';

export type Control = TrustPage['controls'][number];
export type ControlStatus = Control['status'];

export const statuses = ['fail', 'pass', 'missing', 'not_applicable'] as const;

export const statusWords: Record<ControlStatus, string> = {
  pass: 'Passing',
  fail: 'Failing',
  missing: 'Missing',
  not_applicable: 'Not applicable',
};

export const statusTones: Record<ControlStatus, 'good' | 'busy' | 'warn' | 'bad'> = {
  pass: 'good',
  fail: 'bad',
  missing: 'warn',
  not_applicable: 'busy',
};

const families: Readonly<Record<string, string>> = {
  ISO: 'Isolation of tenants',
  ENC: 'Encryption and keys',
  AUT: 'Sign-in',
  MFA: 'Second factors',
  SES: 'Sessions',
  RBA: 'Roles and rights',
  AIG: 'Guards of the model',
  AGT: 'Agents',
  INP: 'Input',
  NET: 'Network',
  HDR: 'Headers of the browser',
  RAT: 'Limits',
  RES: 'Resilience',
  SEC: 'Secrets',
  AUD: 'Audit',
  PII: 'Personal data',
  OBJ: 'Files that persist',
  KB: 'Knowledge and chat',
  LIF: 'Life cycle of data',
  WRK: 'Work',
  INT: 'Integrations',
  SUP: 'Supply chain',
  DEP: 'Deployment',
  DIS: 'Disclosure',
  OBS: 'Observability',
  TRU: 'Trust',
};

export function familyName(family: string): string {
  return families[family] ?? family;
}

export const kindWords: Record<Control['kind'], string> = {
  live: 'On the live system',
  test: 'By the tests of this version',
  build: 'By a check of the build',
  doc: 'By a page',
};

/** Families in the order of the register, each with those of its controls that are asked for. */
export function groupByFamily(
  controls: readonly Control[],
  { family, status }: { family: string | null; status: ControlStatus | null },
): { family: string; controls: Control[] }[] {
  const groups = new Map<string, Control[]>();
  for (const control of controls) {
    if (family !== null && control.family !== family) continue;
    if (status !== null && control.status !== status) continue;
    groups.set(control.family, [...(groups.get(control.family) ?? []), control]);
  }
  return [...groups].map(([name, members]) => ({ family: name, controls: members }));
}
