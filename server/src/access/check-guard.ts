import { AppError, type Actor, type Guard, type TenantStanding } from '../platform/index.ts';
import { levelNeeded, reaches } from './levels.ts';
import { holds, mayOnPlatform, SCOPES } from './policy.ts';

type Request = { actor: Actor; standing: TenantStanding | null };
type TenantGuard = Extract<Guard, { kind: 'tenant' }>;

/**
 * Decides whether a request may reach its handler; throws otherwise. A tenant of which the actor is
 * no member answers `not_found`, as if it did not exist.
 */
export function checkGuard(guard: Guard, { actor, standing }: Request): void {
  checkKey(guard, actor);
  switch (guard.kind) {
    case 'public':
      return;
    case 'secret':
      // Whoever showed the secret is no person; a person's token is none.
      if (actor.kind !== 'system') throw new AppError('unauthenticated', 'Show the secret first');
      return;
    case 'authenticated':
      requireSignIn(actor);
      if (guard.beforeFactor !== true) requireFactor(actor);
      return;
    case 'tenant':
      requireSignIn(actor);
      requireFactor(actor);
      checkStanding(guard, standing);
      return;
    case 'platform':
      requireSignIn(actor);
      requireFactor(actor);
      if (!mayOnPlatform(actor.platformRole, guard.permission)) refuse();
      return;
    default:
      // A guard that this version does not know denies.
      refuse(guard satisfies never);
  }
}

/** An API key passes at routes of tenants alone, and only with the scope; its account's role counts too. */
function checkKey(guard: Guard, { apiKey }: Actor): void {
  if (apiKey === null || guard.kind === 'public') return;
  if (guard.kind !== 'tenant')
    throw new AppError('forbidden', 'API keys are not for this; sign in as a person');
  const isScope = SCOPES.some((scope) => scope === guard.permission);
  if (!isScope || !apiKey.scopes.includes(guard.permission))
    throw new AppError('forbidden', `The API key lacks the scope ${guard.permission}`);
}

/** RBA-02: the permission says whether at all, the level whether enough. */
function checkStanding(guard: TenantGuard, standing: TenantStanding | null): void {
  if (standing === null) throw new AppError('not_found', 'No such tenant');
  if (!holds(standing, guard.permission)) refuse();
  const { feature } = guard;
  if (feature === undefined || reaches(standing, feature)) return;
  const needed = levelNeeded(feature, standing);
  throw new AppError(
    'forbidden',
    needed === null
      ? 'Nobody can tell which access level this needs; ask an administrator of the tenant'
      : `This needs access level ${needed} and yours is ${standing.level}; ask an administrator of the tenant`,
  );
}

function requireSignIn(actor: Actor): void {
  if (actor.kind !== 'human') throw new AppError('unauthenticated', 'Sign in first');
}

/** MFA-01: a session that owes a second factor does nothing else before. */
function requireFactor({ factor }: Actor): void {
  if (!factor.due) return;
  throw new AppError(
    'second_factor_required',
    factor.enrolled
      ? 'Show your second factor first'
      : 'Your role or your organisation needs a second factor: set one up in your security settings first',
  );
}

function refuse(_unknown?: never): never {
  throw new AppError(
    'forbidden',
    'Your role does not allow this; ask an administrator of the tenant',
  );
}
