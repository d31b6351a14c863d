import type { BenchAppliance } from './bench-appliance.ts';

export type DocumentState = {
  id: string;
  name: string;
  state: string;
  language: string | null;
  progress: { done: number; total: number };
  error: { detail: string } | null;
};

export async function uploadDocument(
  { api, adminToken, tenantId }: BenchAppliance,
  name: string,
  bytes: Buffer,
): Promise<string> {
  const path = `/api/tenants/${tenantId}/documents?name=${encodeURIComponent(name)}`;
  const { id } = await api<{ id: string }>('POST', path, { token: adminToken, raw: bytes });
  return id;
}

export function getDocument(
  { api, adminToken, tenantId }: BenchAppliance,
  id: string,
): Promise<DocumentState> {
  return api('GET', `/api/tenants/${tenantId}/documents/${id}`, { token: adminToken });
}

/** Waits until the document reaches one of the states; throws when it failed. */
export async function untilDocument(
  appliance: BenchAppliance,
  id: string,
  states: readonly string[],
): Promise<DocumentState> {
  for (;;) {
    const document = await getDocument(appliance, id);
    if (states.includes(document.state)) return document;
    if (document.state === 'failed')
      throw new Error(`${document.name}: ${document.error?.detail ?? ''}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
