const key = 'casemate.tenant';

/** The tenant one was in last on this browser; only its id is kept. */
export const lastTenant = {
  read: (): string | null => localStorage.getItem(key),
  write: (tenantId: string): void => localStorage.setItem(key, tenantId),
};
