import { runProgram } from '../host/run-program.ts';
import { commandFile } from '../instance/installed-command.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { faultsIn, listFaults, type DoctorSaid } from './gate.ts';

/**
 * What is wrong before an upgrade, as the installed version sees it: the new one also misses what it is
 * about to bring. Where the installed command says nothing, the new one judges.
 */
export async function listFaultsBefore(layout: InstanceLayout): Promise<string[]> {
  const place = layout.root ? ['--data-dir', layout.root, '--seal-dir', layout.sealDir] : [];
  const words = ['doctor', '--json', '--instance', layout.instance, ...place];
  const { stdout } = await runProgram('/bin/sh', [commandFile({ layout }), ...words], {
    inherit: true,
    timeoutMs: 120_000,
  });
  const said = parse(stdout);
  return said ? faultsIn(said) : listFaults(layout);
}

function parse(text: string): DoctorSaid | undefined {
  try {
    const said = JSON.parse(text) as Partial<DoctorSaid>;
    return said.checks ? { checks: said.checks } : undefined;
  } catch {
    return undefined;
  }
}
