import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Saves the signed evidence of the last verification as a file. */
export async function saveEvidence(): Promise<void> {
  const evidence = await unwrap(api.GET('/api/platform/trust/evidence'));
  const blob = new Blob([`${JSON.stringify(evidence, null, 2)}\n`], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `casemate-evidence-${evidence.at.slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
