import type { ComponentId } from '../supervisor/processes.ts';

/** The names of an instance's units; `instance` is checked by whoever read it (a-z, 0-9, -). */
export function unitNames(instance: string) {
  const prefix = `casemate-${instance}`;
  return {
    target: `${prefix}.target`,
    component: (id: ComponentId) => `${prefix}-${id}.service`,
    secretId: (role: string) => `${prefix}-secret-id-${role}`,
    certificate: `${prefix}-certificate`,
    auditLogs: `${prefix}-audit-logs`,
    wayOut: `${prefix}-way-out`,
    backups: `${prefix}-backups`,
    verification: `${prefix}-verification`,
    temporaryFiles: `${prefix}.conf`,
  };
}

/** Where systemd puts a credential of a unit; a static seal reads its key there. */
export function sealCredentialPath(instance: string): string {
  return `/run/credentials/${unitNames(instance).component('openbao')}/seal.key`;
}
