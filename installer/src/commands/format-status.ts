import type { InstanceStatus } from '../runtime/get-runtime.ts';
import { formatDuration, formatTable } from '../terminal/terminal.ts';

/** The table of `casemate status`. */
export function formatStatus(status: InstanceStatus, now: Date = new Date()): string {
  const rows = status.components.map((component) => [
    component.id,
    component.state,
    component.pid === null ? '-' : String(component.pid),
    component.state === 'stopped'
      ? '-'
      : formatDuration(now.getTime() - Date.parse(component.since)),
    String(component.restarts),
  ]);
  return formatTable([['COMPONENT', 'STATE', 'PID', 'SINCE', 'RESTARTS'], ...rows]);
}
