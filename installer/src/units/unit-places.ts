import { existsSync } from 'node:fs';
import type { InstanceLayout } from '../instance/layout.ts';

export const unitDir = '/etc/systemd/system';
export const temporaryFilesDir = '/etc/tmpfiles.d';

/** sd_booted(3): systemd is the first process of this host. Units are for instances of root. */
export function runsUnderSystemd(layout: Pick<InstanceLayout, 'asRoot'>): boolean {
  return layout.asRoot && existsSync('/run/systemd/system');
}
