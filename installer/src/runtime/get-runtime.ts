import type { InstanceLayout } from '../instance/layout.ts';
import type { ComponentStatus } from '../supervisor/component.ts';
import { systemdRuntime } from '../units/systemd-runtime.ts';
import { runsUnderSystemd } from '../units/unit-places.ts';
import { supervisorRuntime } from './supervisor-runtime.ts';

export type InstanceStatus = {
  instance: string;
  /** What runs the components; null when nothing does. */
  runner: 'supervisor' | 'systemd' | null;
  components: ComponentStatus[];
};

export type StartRequest = {
  /** All when absent. */
  ids?: readonly string[] | undefined;
  progress?: (text: string) => void;
};

/** Starts and stops the components of an instance, whatever runs them on this host. */
export type Runtime = {
  status: () => Promise<InstanceStatus>;
  /** Rejects, naming what is not ready, when something does not become ready in its time. */
  start: (request: StartRequest) => Promise<void>;
  restart: (request: StartRequest) => Promise<void>;
  /** Without ids also the runner itself. */
  stop: (ids?: readonly string[]) => Promise<void>;
};

export function getRuntime(layout: InstanceLayout): Runtime {
  return runsUnderSystemd(layout) ? systemdRuntime(layout) : supervisorRuntime(layout);
}
