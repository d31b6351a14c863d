import path from 'node:path';
import type { Host } from './host.ts';
import { findMount, type Mount } from './mounts.ts';

/** What can be seen of a directory's storage: encrypted or not, and by what. */
export type StorageLayers = { encrypted: boolean | null; by: string };

const encryptedTypes = new Set(['ecryptfs', 'fuse.gocryptfs', 'fuse.encfs', 'fuse.cryfs']);

/**
 * Follows a directory down to its disks: file system, loop devices, RAID, LVM and dm-crypt. The
 * answer is null where the layers are hidden (network, overlay and memory file systems).
 */
export async function findStorageLayers(host: Host, dir: string): Promise<StorageLayers> {
  const mount = await findMount(host, dir);
  if (!mount) return { encrypted: null, by: 'a file system that cannot be seen' };
  if (encryptedTypes.has(mount.type)) return { encrypted: true, by: mount.type };
  if (mount.type === 'zfs') return zfsLayers(host, mount);
  const device = mount.source.startsWith('/dev/') ? await host.realPath(mount.source) : null;
  if (device === null) return { encrypted: null, by: `a file system of type ${mount.type}` };
  return deviceLayers(host, path.basename(device));
}

async function zfsLayers(host: Host, mount: Mount): Promise<StorageLayers> {
  const answer = await host.run('zfs', ['get', '-H', '-o', 'value', 'encryption', mount.source]);
  const value = answer?.code === 0 ? answer.stdout.trim() : '';
  if (value === '') return { encrypted: null, by: 'ZFS, which does not answer' };
  const strong = value === 'on' || value.startsWith('aes-256');
  return { encrypted: strong, by: value === 'off' ? 'ZFS without encryption' : `ZFS ${value}` };
}

async function deviceLayers(host: Host, name: string): Promise<StorageLayers> {
  const sys = `/sys/class/block/${name}`;
  const uuid = (await host.readText(`${sys}/dm/uuid`)) ?? '';
  if (uuid.startsWith('CRYPT-')) return cipherOf(host, name);
  const image = (await host.readText(`${sys}/loop/backing_file`))?.trim();
  if (image) return findStorageLayers(host, image);
  const below = await Promise.all(
    (await host.list(`${sys}/slaves`)).map((one) => deviceLayers(host, one)),
  );
  // One plain disk of a mirror is enough to read everything.
  const plain = below.find(({ encrypted }) => encrypted !== true);
  return plain ?? below[0] ?? { encrypted: false, by: `the plain disk ${name}` };
}

/** dm-crypt's key length says AES-128 or AES-256; XTS takes two keys. Only root can see it. */
async function cipherOf(host: Host, name: string): Promise<StorageLayers> {
  const answer = await host.run('dmsetup', ['table', `/dev/${name}`]);
  const [, cipher = '', key = ''] = / crypt (\S+) (\S+)/.exec(answer?.stdout ?? '') ?? [];
  const bytes = key.startsWith(':') ? Number(key.split(':')[1]) : key.length / 2;
  const bits = (cipher.includes('xts') ? bytes / 2 : bytes) * 8;
  if (!cipher || !bits)
    return { encrypted: true, by: 'dm-crypt (its cipher is shown to root only)' };
  return { encrypted: bits >= 256, by: `dm-crypt ${cipher}, ${bits} bits` };
}

/** Whether disks may lie below what this host can see: a virtual machine or a container. */
export async function isVirtual(host: Host): Promise<boolean> {
  if (/^flags\s*:.*\bhypervisor\b/m.test((await host.readText('/proc/cpuinfo')) ?? '')) return true;
  if ((await host.exists('/.dockerenv')) || (await host.exists('/run/.containerenv'))) return true;
  return /(^|\0)container=/.test((await host.readText('/proc/1/environ')) ?? '');
}
