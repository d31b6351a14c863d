import { AppError, type Actor, type Endpoint } from '../platform/index.ts';

/** Of these a key is enough: it was made with a fresh factor, for a program that has none to show. */
const FOR_KEYS: ReadonlySet<string> = new Set(['directory.provision']);

type Asked = { actor: Actor; now: number; minutes: number };

/**
 * MFA-05: what a route with `stepUp` does needs a second factor that was shown in this session within
 * the last minutes. A time in the future counts for none. Throws step_up_required, or
 * second_factor_required for somebody who has none to show.
 */
export function checkFreshFactor(
  { stepUp, guard }: Pick<Endpoint, 'stepUp' | 'guard'>,
  { actor, now, minutes }: Asked,
): void {
  if (stepUp !== true || actor.kind === 'system') return;
  const ofKeys = 'permission' in guard && FOR_KEYS.has(guard.permission);
  if (actor.apiKey !== null && ofKeys) return;
  if (actor.apiKey !== null)
    throw new AppError('forbidden', 'API keys are not for this; sign in as a person');
  const { enrolled, shownAt } = actor.factor;
  const age = shownAt === null ? Infinity : now - shownAt.getTime();
  // Clocks of several servers differ by seconds.
  if (age <= minutes * 60_000 && age >= -60_000) return;
  if (enrolled)
    throw new AppError('step_up_required', 'Show your second factor again: this needs a fresh one');
  throw new AppError(
    'second_factor_required',
    'This needs a second factor: set one up in your security settings first',
  );
}
