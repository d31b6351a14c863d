import { configure } from './configure.ts';
import type { ContainerSettings } from './settings.ts';

/** On a cluster: a job of each installation and upgrade. */
export async function configureOnce(settings: ContainerSettings): Promise<void> {
  await configure(settings);
}
