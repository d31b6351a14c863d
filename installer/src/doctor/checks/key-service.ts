import { bad, type DoctorCheck, good } from '../doctor-check.ts';
import type { Patient } from '../patient.ts';

export async function checkKeyService({ get, paths }: Patient): Promise<DoctorCheck> {
  const id = 'key-service';
  const { status, body } = await get({ socketPath: paths.vaultSocket, path: '/v1/sys/health' });
  const { initialized, sealed } = (body ?? {}) as { initialized?: boolean; sealed?: boolean };
  if (status === 200) return good(id, 'initialised and unsealed');
  if (initialized === false) {
    const mend = 'Restore its storage from a backup; a new key service could read nothing';
    return bad(id, { found: 'not initialised', mend });
  }
  if (sealed === true) {
    const mend = `Put the right seal key back at ${paths.sealKeyFile}, then \`casemate restart openbao\``;
    return bad(id, { found: 'sealed: no data can be read', mend });
  }
  return bad(id, { found: `it answers ${status}`, mend: 'See `casemate logs openbao`' });
}

/** Which kind of seal holds the keys; the file is the weaker one, and said to be so. */
export async function checkSeal({ host, paths }: Patient): Promise<DoctorCheck> {
  const id = 'seal';
  const config = (await host.readText(paths.vaultConfigFile)) ?? '';
  const key = /current_key\s*=\s*"file:\/\/([^"]+)"/.exec(config)?.[1];
  if (key?.startsWith('/run/credentials/')) return good(id, 'systemd credential');
  if (key === paths.sealKeyFile)
    return good(id, `file ${key}, apart from the data (no TPM in use)`);
  const mend = 'Run `casemate install` again: it writes the configuration of the key service';
  return bad(id, { found: key ? `an unknown key, ${key}` : 'no static seal is configured', mend });
}
