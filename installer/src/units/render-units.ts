import { backupUnits } from './backup-units.ts';
import { componentUnit } from './component-unit.ts';
import { temporaryFiles } from './temporary-files.ts';
import { unitNames } from './unit-names.ts';
import type { UnitPlan } from './unit-plan.ts';
import { unitText } from './unit-text.ts';
import { auditLogUnits, certificateUnits, secretIdUnits, wayOutUnits } from './upkeep-units.ts';
import { verificationUnits } from './verification-units.ts';

export type RenderedUnits = {
  /** File name → content, for /etc/systemd/system. */
  units: Map<string, string>;
  /** Of which these are enabled; the others are started by them. */
  enable: string[];
  /** For /etc/tmpfiles.d. */
  temporaryFiles: { name: string; content: string };
};

/** Every unit of an instance of root, from the same description that the supervisor runs. Pure. */
export function renderUnits(plan: UnitPlan): RenderedUnits {
  const names = unitNames(plan.instance);
  const target = unitText([
    ['Unit', [['Description', `Casemate (${plan.instance})`]]],
    ['Install', [['WantedBy', 'multi-user.target']]],
  ]);
  const units = new Map([[names.target, target]]);
  for (const spec of plan.specs) {
    units.set(names.component(spec.id), componentUnit(spec, plan));
    const requestFile = spec.env['CASEMATE_VAULT_REQUEST_FILE'];
    if (spec.vaultRole === null || requestFile === undefined) continue;
    const more = secretIdUnits(plan, { role: spec.vaultRole, requestFile });
    for (const [name, text] of more) units.set(name, text);
  }
  const upkeep = [certificateUnits, verificationUnits, auditLogUnits, wayOutUnits, backupUnits];
  for (const unitsOf of upkeep) for (const [name, text] of unitsOf(plan)) units.set(name, text);
  const enable = [...units].filter(([, text]) => text.includes('[Install]')).map(([name]) => name);
  const content = temporaryFiles(plan.running);
  return { units, enable, temporaryFiles: { name: names.temporaryFiles, content } };
}
