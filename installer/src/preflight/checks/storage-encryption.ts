import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';
import { findStorageLayers, isVirtual } from '../storage-layers.ts';

const id = 'storage-encryption';
const needed = 'storage encrypted with AES-256 or stronger (ENC-10)';
const confirm = '--storage-encryption confirmed';
const encrypt =
  'Put the data on an encrypted volume (`cryptsetup luksFormat --key-size 512`, or ZFS encryption=aes-256-gcm)';

/** Is what is written here unreadable to whoever carries the disk away? */
export async function checkStorageEncryption(context: CheckContext): Promise<CheckResult> {
  const { host, request } = context;
  const { encrypted, by } = await findStorageLayers(host, request.directories.data);
  if (encrypted === true) return ok(id, { found: by, needed });
  if (request.storageEncryption === 'confirmed') {
    return ok(id, { found: `${by}; encryption below it confirmed by the operator`, needed });
  }
  if (request.storageEncryption === 'without') {
    const mend = `${encrypt}. You chose to go on without it`;
    return warn(id, { found: `${by}, not encrypted`, needed, mend });
  }
  if (encrypted === null || (await isVirtual(host))) {
    const mend = `Ask who runs the storage below this host, then say so with ${confirm}`;
    return warn(id, { found: `unknown: ${by} shows nothing; confirm it`, needed, mend });
  }
  const mend = `${encrypt}; if the disk or its controller encrypts, say so with ${confirm}; to go on without, --storage-encryption without`;
  return fail(id, { found: `${by}, not encrypted enough`, needed, mend });
}
