import { rm } from 'node:fs/promises';
import path from 'node:path';
import { tenantName, type Platform } from '../../platform/index.ts';
import { uploadsFolder } from './upload-path.ts';

/** The originals of a tenant that is no more, with their folder. */
export async function removeUploads({ config }: Platform, tenantId: string): Promise<void> {
  const folder = path.join(uploadsFolder(config.CASEMATE_DATA_DIR), tenantName(tenantId));
  await rm(folder, { force: true, recursive: true });
}
