import { setTimeout as pause } from 'node:timers/promises';
import { signInWithCode } from '../../installer/src/egress/second-factor.ts';
import { askInstance, postOf, type Reply } from '../../installer/tests/ask-instance.ts';
import { address, operator } from './installed.ts';

/** A tenant of the standard tier with one document, made by its routes; gives the tenant's id. */
export async function plantDocument(tenant: string, text: string): Promise<string> {
  const ask = askInstance(address, process.env['CASEMATE_CA_FILE'] ?? '');
  const { accessToken: token } = await signInWithCode(postOf(ask), operator);
  const idOf = (reply: Reply): string => (reply.json() as { id: string }).id;
  const reach = async (path: string, state: string): Promise<void> => {
    for (let left = 360; left > 0; left -= 1) {
      const found = (await ask('GET', path, { token })).json() as { state: string };
      if (found.state === state) return;
      if (found.state === 'failed') throw new Error(`${path} failed: ${JSON.stringify(found)}`);
      await pause(500);
    }
    throw new Error(`${path} was not ${state} within three minutes`);
  };
  const json = { name: tenant, language: 'en', joinAs: 'admin' };
  const tenantId = idOf(await ask('POST', '/api/tenants', { token, json }));
  await reach(`/api/tenants/${tenantId}`, 'active');
  const documents = `/api/tenants/${tenantId}/documents`;
  const sent = await ask('POST', `${documents}?name=handbook.md`, { token, raw: text });
  if (sent.status !== 202) throw new Error(`no upload: ${sent.status} ${sent.text}`);
  await reach(`${documents}/${idOf(sent)}`, 'ready');
  return tenantId;
}
