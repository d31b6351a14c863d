import path from 'node:path';
import { serviceGroup } from '../host/accounts.ts';
import { wantedDirs } from '../instance/ensure-dirs.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { processSpecs } from '../supervisor/process-specs.ts';
import type { SealDelivery, UnitPlan } from './unit-plan.ts';

/** What the units of an installed instance are rendered from; `command` starts `casemate`. */
export function planUnits(options: {
  layout: InstanceLayout;
  settings: InstanceSettings;
  command: readonly [string, ...string[]];
  seal?: SealDelivery;
}): UnitPlan {
  const { layout, settings, command, seal = { kind: 'file' } } = options;
  const place = layout.root ? ['--data-dir', layout.root, '--seal-dir', layout.sealDir] : [];
  return {
    instance: layout.instance,
    specs: processSpecs(layout, settings),
    casemate: {
      argv: [...command],
      flags: ['--instance', layout.instance, ...place],
    },
    group: serviceGroup,
    running: wantedDirs(layout).running,
    secretDirs: {
      seal: layout.sealDir,
      credentials: path.dirname(instancePaths(layout).credentialFile('issuer')),
    },
    seal,
  };
}
