import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { OpenedBy } from '../repo.ts';
import { findConnection, holdConnection } from './repo.ts';
import { soundConnection } from './seals.ts';

/**
 * Before a session is opened by the word of a directory: what its administrator switched off meanwhile opens
 * none, and stays as it is until the session is one that switching it off ends. Throws gone.
 */
export async function requireOpen(
  tx: ControlTx,
  ctx: RequestContext,
  { connectionId }: Pick<OpenedBy, 'connectionId'>,
): Promise<void> {
  await holdConnection(tx, connectionId);
  const connection = soundConnection(ctx, await findConnection(tx, connectionId));
  if (connection?.state !== 'active')
    throw new AppError('gone', 'There is no such sign-in any more: begin again');
}
