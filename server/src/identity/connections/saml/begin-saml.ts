import type { RequestContext } from '../../../platform/index.ts';
import type { FlowSecrets } from '../flows.ts';
import type { ConnectionRow } from '../repo.ts';
import { openSaml } from './open-saml.ts';

/** The ID of the request of a flow: it follows from state and browser, so an answer to it is of that browser. */
export function requestIdOf({ nonce }: Pick<FlowSecrets, 'nonce'>): string {
  return `_${nonce}`;
}

/** The address at the provider to which the browser goes, with a request (saml-bindings-2.0-os, 3.4). */
export async function addressOfSignOn(
  ctx: RequestContext,
  connection: ConnectionRow,
  secrets: FlowSecrets,
): Promise<string> {
  const { saml } = await openSaml(ctx, connection, { requestId: requestIdOf(secrets) });
  return saml.getAuthorizeUrlAsync(secrets.state, undefined, {});
}
