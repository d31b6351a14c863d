import {
  anonymous,
  systemActor,
  AppError,
  type Actor,
  type Endpoint,
  type Guard,
  type TenantRole,
  type TenantStanding,
} from '../../platform/index.ts';
import { checkGuard } from '../check-guard.ts';
import { FEATURE_NAMES, featureOf, HIGHEST_LEVEL } from '../levels.ts';
import { ALL_PERMISSIONS, GRANTABLE, SCOPES, TENANT_ROLES } from '../policy.ts';
import { lackOfFreshFactor } from './fresh-factor-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';

/** One route, with who passes its guard: found by asking the guard itself, not by reading it. */
export type GuardedRoute = {
  method: string;
  path: string;
  summary: string;
  guard: string;
  permission: string | null;
  /** Whose level somebody must reach. */
  feature: string | null;
  passes: string[];
  /** Needs a second factor shown a short while ago. */
  stepUp: boolean;
  /** Also for a session that owes a second factor. */
  beforeFactor: boolean;
  limit: string;
  audit: string[] | null;
  fault: string | null;
};

const stranger = { actor: anonymous, standing: null };
const person: Actor = {
  ...anonymous,
  kind: 'human',
  accountId: 'an account',
  auditId: 'a pseudonym',
  factor: { due: false, required: true, enrolled: true, shownAt: new Date(0) },
};

const highest = (role: TenantRole): TenantStanding => ({
  role,
  level: HIGHEST_LEVEL,
  granted: [],
  minimum: {},
});

const keyOf: Actor = {
  ...person,
  apiKey: { id: 'a key', tenantId: 'a tenant', scopes: SCOPES },
};
const everyLevel = Object.fromEntries(FEATURE_NAMES.map((name) => [name, HIGHEST_LEVEL]));

/** Everybody who could stand before a guard. */
const CALLERS: Readonly<Record<string, Parameters<typeof checkGuard>[1]>> = {
  anybody: stranger,
  'holder of the secret': { actor: systemActor, standing: null },
  'signed in': { actor: person, standing: null },
  ...Object.fromEntries(
    TENANT_ROLES.map((role: TenantRole) => [
      `tenant ${role}`,
      { actor: person, standing: highest(role) },
    ]),
  ),
  'member below every level': {
    actor: person,
    standing: { ...highest('member'), level: HIGHEST_LEVEL - 1, minimum: everyLevel },
  },
  'member with every custom role': {
    actor: person,
    standing: { ...highest('member'), granted: GRANTABLE },
  },
  visitor: { actor: person, standing: { ...highest('member'), role: 'visitor' } },
  'key of a member': { actor: keyOf, standing: highest('member') },
  'key of an admin': { actor: keyOf, standing: highest('admin') },
  'platform admin': {
    actor: { ...person, platformRole: 'super_admin' },
    standing: null,
  },
};

export const CALLER_NAMES = Object.keys(CALLERS);

/** ISO-04: every route of the table, its guard, and what is wrong with it. */
export function listGuards(routes: readonly Endpoint[]): GuardedRoute[] {
  const seen = new Set<string>();
  return routes.map((route) => {
    const name = `${route.method} ${route.path}`;
    const twice = seen.has(name);
    seen.add(name);
    const guard = route.guard as Guard | undefined;
    return {
      method: route.method.toUpperCase(),
      path: route.path,
      summary: route.summary,
      guard: guard?.kind ?? 'none',
      permission: guard && 'permission' in guard ? guard.permission : null,
      feature: guard?.kind === 'tenant' ? (guard.feature ?? null) : null,
      passes: guard ? whoPasses(guard) : ['anybody'],
      stepUp: route.stepUp === true,
      beforeFactor: guard?.kind === 'authenticated' && guard.beforeFactor === true,
      limit: route.limit,
      audit: route.audit && [...route.audit],
      fault: twice ? 'It stands in the table twice' : faultOf(route, guard),
    };
  });
}

function whoPasses(guard: Guard): string[] {
  const passing = Object.entries(CALLERS).filter(([, caller]) => lets(guard, caller));
  const names = passing.map(([name]) => name);
  return names.includes('anybody') ? ['anybody'] : names;
}

function lets(guard: Guard, caller: Parameters<typeof checkGuard>[1]): boolean {
  try {
    checkGuard(guard, caller);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function faultOf(route: Endpoint, guard: Guard | undefined): string | null {
  const name = `${route.method} ${route.path}`;
  if (!guard) return 'It has no guard';
  if (lets(guard, stranger))
    return name in PUBLIC_ROUTES ? null : 'Anybody may call it, and no reason is on record';
  if ('permission' in guard && !ALL_PERMISSIONS.has(guard.permission))
    return 'No role has the permission that it asks for';
  if (guard.kind === 'tenant' && !name.includes('/:tenantId'))
    return 'It asks for a role in a tenant, but its path names none';
  if (guard.kind === 'tenant' && guard.feature !== featureOf(guard.permission))
    return `Its permission belongs to ${featureOf(guard.permission) ?? 'no feature'}, and it names ${guard.feature ?? 'none'}`;
  return lackOfFreshFactor(route);
}
