/** Thrown by a transaction whose tenant was closed before its end; it did not happen. */
export class TenantClosed extends Error {
  constructor(cause: unknown) {
    super('the tenant was closed meanwhile', { cause });
    this.name = 'TenantClosed';
  }
}

/** As migration 0016 raises it. */
const CLOSED = 'CM001';

/** Names the database's refusal to end a transaction of a tenant that is no longer open. */
export async function whileOpen<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === CLOSED) throw new TenantClosed(error);
    throw error;
  }
}
