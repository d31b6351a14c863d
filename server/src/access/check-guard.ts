import { AppError, type Actor, type Guard, type TenantRole } from '../platform/index.ts';
import { mayInTenant, mayOnPlatform, SCOPES } from './policy.ts';

type Request = { actor: Actor; tenantRole: TenantRole | null };

/**
 * Decides whether a request may reach its handler; throws otherwise. A tenant of which the actor is
 * no member answers `not_found`, as if it did not exist.
 */
export function checkGuard(guard: Guard, { actor, tenantRole }: Request): void {
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
      if (tenantRole === null) throw new AppError('not_found', 'No such tenant');
      if (!mayInTenant(tenantRole, guard.permission)) refuse();
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
      : 'Your role needs a second factor: set one up in your security settings first',
  );
}

function refuse(_unknown?: never): never {
  throw new AppError(
    'forbidden',
    'Your role does not allow this; ask an administrator of the tenant',
  );
}
