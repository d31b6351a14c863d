import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Saves the signed certificate of a deletion as a file. */
export async function saveCertificate(entry: number): Promise<void> {
  const certificate = await unwrap(
    api.GET('/api/platform/deletions/{entry}/certificate', { params: { path: { entry } } }),
  );
  const text = `${JSON.stringify(certificate, null, 2)}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `casemate-deletion-${certificate.deletedAt.slice(0, 10)}-${entry}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
