import path from 'node:path';
import { assertUuid, tenantName } from '../../platform/index.ts';

const FOLDER = 'uploads';

export function uploadsFolder(dataDir: string): string {
  return path.join(dataDir, FOLDER);
}

/**
 * Where the original of a document waits for its reader. Only ids make the path, never a name that
 * somebody typed (INP-04); throws invalid_input for anything but UUIDs.
 */
export function uploadPath(dataDir: string, tenantId: string, documentId: string): string {
  return path.join(uploadsFolder(dataDir), tenantName(tenantId), assertUuid(documentId));
}
