import { Gauge, type Registry } from 'prom-client';

/** What is known of the appliance at one moment; null where nobody could say. */
export type Facts = {
  readonly parts: Readonly<Record<string, boolean>> | null;
  readonly keyServiceSealed: boolean | null;
  /** Of the disk of the data. */
  readonly diskFreeRatio: number | null;
  /** Of the disk of the logs, on which the key service writes its audit files. */
  readonly logDiskFreeRatio: number | null;
  readonly certificateSeconds: number | null;
  readonly jobs: { readonly waiting: number; readonly oldestSeconds: number } | null;
  readonly lockouts: number | null;
  readonly tenants: Readonly<Record<string, number>> | null;
  readonly controls: Readonly<Record<string, number>> | null;
  readonly auditChainBroken: boolean | null;
  readonly egressSilent: boolean | null;
  readonly secrets: Readonly<Record<string, number>> | null;
  readonly backupSeconds: number | null;
};

type Labelled = Readonly<Record<string, number | boolean>> | null;

/** Gauges of the state of the whole appliance, beside what each process counts of itself. */
export function createStateGauges(registry: Registry): (facts: Facts) => void {
  const registers = [registry];
  const plain = (name: string, help: string): ((value: number | boolean | null) => void) => {
    const gauge = new Gauge({ name: `casemate_${name}`, help, registers });
    gauge.remove();
    // What nobody could say is away: an old figure would be believed.
    return (value) => (value === null ? gauge.remove() : gauge.set(Number(value)));
  };
  const labelled = (name: string, help: string, label: string): ((values: Labelled) => void) => {
    const gauge = new Gauge({ name: `casemate_${name}`, help, labelNames: [label], registers });
    return (values) => {
      gauge.reset();
      for (const [key, value] of Object.entries(values ?? {}))
        gauge.set({ [label]: key }, Number(value));
    };
  };
  const parts = labelled('part_up', 'Whether a part answers: 1, else 0', 'part');
  const sealed = plain('key_service_sealed', 'Whether the key service is sealed: 1, else 0');
  const disk = labelled('disk_free_ratio', 'Free share of a disk, 0 to 1', 'disk');
  const certificate = plain('certificate_expires_seconds', 'Until the certificate ends');
  const waiting = plain('jobs_waiting', 'Jobs of the server that are due and not yet taken');
  const oldest = plain('job_oldest_wait_seconds', 'How long the oldest of them waits');
  const lockouts = plain('lockouts', 'Accounts and addresses that are locked out');
  const tenants = labelled('tenants', 'Tenants by state', 'state');
  const controls = labelled('controls', 'Controls by status at the last verification', 'status');
  const chain = plain('audit_chain_broken', 'Whether a control of the audit log fails: 1, else 0');
  const silent = plain('egress_silent', 'Whether the last egress test was clean: 1, else 0');
  const secrets = labelled('secrets', 'Kinds of secrets by state of their age', 'state');
  const backup = plain('backup_age_seconds', 'Since the last backup that succeeded');
  return (facts) => {
    parts(facts.parts);
    sealed(facts.keyServiceSealed);
    disk(sharesOf({ data: facts.diskFreeRatio, logs: facts.logDiskFreeRatio }));
    certificate(facts.certificateSeconds);
    waiting(facts.jobs?.waiting ?? null);
    oldest(facts.jobs?.oldestSeconds ?? null);
    lockouts(facts.lockouts);
    tenants(facts.tenants);
    controls(facts.controls);
    chain(facts.auditChainBroken);
    silent(facts.egressSilent);
    secrets(facts.secrets);
    backup(facts.backupSeconds);
  };
}

/** Those that could be read. */
function sharesOf(shares: Readonly<Record<string, number | null>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(shares).flatMap(([name, share]) => (share === null ? [] : [[name, share]])),
  );
}
