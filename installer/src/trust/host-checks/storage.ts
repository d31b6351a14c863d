import type { Patient } from '../../doctor/patient.ts';
import { findStorageLayers } from '../../preflight/storage-layers.ts';
import { broken, holds, unseen, type HostCheck, type HostFinding } from '../host-check.ts';

/**
 * ENC-10: every place where the appliance writes, followed down to its disks. What an operator
 * confirmed but nobody can see from here is said, and proves nothing.
 */
export const storageEncryption: HostCheck = {
  control: 'ENC-10',
  name: 'storage-encryption',
  run: examine,
};

type Place = { dir: string; state: 'strong' | 'plain' | 'hidden'; by: string };

async function examine(patient: Patient): Promise<HostFinding> {
  const { layout, settings } = patient;
  const dirs = [
    layout.dataDir,
    layout.logDir,
    layout.configDir,
    layout.sealDir,
    '/tmp',
    '/var/tmp',
  ];
  const places = await Promise.all([...new Set(dirs)].map((dir) => look(patient, dir)));
  const say = (state: Place['state']) =>
    places
      .filter((one) => one.state === state)
      .map(({ dir, by }) => `${dir}: ${by}`)
      .join('; ');
  const hidden = say('hidden');
  if (say('plain')) return broken(`Not encrypted with AES-256: ${say('plain')}.`);
  if (!hidden) return holds(`All on encrypted storage: ${say('strong')}.`);
  const word =
    settings.storageEncryption === 'confirmed'
      ? 'The operator confirmed the encryption below, which was not seen.'
      : 'Nobody confirmed any encryption below.';
  return unseen(`The layers are hidden from this host: ${hidden}. ${word}`);
}

async function look({ host }: Patient, dir: string): Promise<Place> {
  const { encrypted, by } = await findStorageLayers(host, dir);
  // Memory is no storage, as long as it is not swapped out.
  if (
    by.endsWith('type tmpfs') &&
    (await host.readText('/proc/swaps'))?.trim().split('\n').length === 1
  )
    return { dir, state: 'strong', by: 'memory without swap' };
  if (encrypted === false) return { dir, state: 'plain', by };
  const strong =
    encrypted === true &&
    (/^ZFS (on|aes-256)/.test(by) || /^dm-crypt .*aes.* (256|512) bits$/.test(by));
  return { dir, state: strong ? 'strong' : 'hidden', by };
}
