import { api } from '../api/client.ts';
import { unwrap } from '../api/unwrap.ts';
import { keeper } from './session.ts';

/** Brings the account and its tenants up to date, for example after a tenant was made. */
export async function reloadMemberships(): Promise<void> {
  keeper.amend(await unwrap(api.GET('/api/me')));
}
