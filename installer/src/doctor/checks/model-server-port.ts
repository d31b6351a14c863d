import { type DoctorCheck, good, poor } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

/** NET-03: a port on the host's loopback is open to every local user; there must be none of Ollama's. */
export async function checkModelServerPort({ get, settings }: Patient): Promise<DoctorCheck> {
  const id = 'model-server-port';
  const url = `http://127.0.0.1:${settings.ollamaPort}/api/ps`;
  const answer = await get({ url }).catch(() => null);
  if (answer?.status !== 200) return good(id, 'closed to other local users');
  const found = `every local user can call Ollama on port ${settings.ollamaPort}`;
  const mend =
    'Let the host make network namespaces (unshare, ip and setpriv; for an ordinary user also user namespaces: see `casemate preflight`), then `casemate restart ollama`';
  return poor(id, { found, mend });
}
