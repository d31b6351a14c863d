/** A boundary around the child. Each holds by itself; a host may refuse some of them. */
export type SandboxLayer =
  | 'separate_process'
  | 'permission_model'
  | 'sealed_modules'
  | 'memory_and_time'
  | 'kernel_limits'
  | 'no_new_privileges'
  | 'network_namespace';

export interface SandboxReport {
  layers: { layer: SandboxLayer; active: boolean; detail: string }[];
}
