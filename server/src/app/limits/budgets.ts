import {
  AppError,
  createLeases,
  drawBudget,
  type Budget,
  type Config,
  type Leases,
  type Platform,
} from '../../platform/index.ts';

export type BudgetName =
  | 'anonymous'
  | 'sign-in-requests'
  | 'health'
  | 'registration'
  | 'refresh'
  | 'password-change'
  | 'password-reset'
  | 'second-factor'
  | 'account'
  | 'tenant';

export type LimitInForce = {
  name: string;
  /** Whose budget it is. */
  of:
    | 'address'
    | 'session'
    | 'account'
    | 'account and route'
    | 'tenant'
    | 'e-mail'
    | 'e-mail and address';
  limit: number;
  windowSeconds: number;
  /** While the database is away: each process counts alone, or nobody passes. */
  whenAway: 'alone' | 'closed';
};

const MINUTE = 60;

/**
 * The budgets by requests, as they are set. What is worth guessing is closed while the database is
 * away; elsewhere a process then counts alone, so that probes and error answers remain.
 */
export function budgetsInForce(config: Config): Readonly<Record<BudgetName, LimitInForce>> {
  const budget = (name: BudgetName, of: LimitInForce['of'], limit: number): LimitInForce => ({
    name,
    of,
    limit,
    windowSeconds: MINUTE,
    whenAway: CLOSED.has(name) ? 'closed' : 'alone',
  });
  return {
    anonymous: budget('anonymous', 'address', config.CASEMATE_ANONYMOUS_PER_MINUTE),
    // An office signs in at nine, and each wrong password has a narrower limit of its own.
    'sign-in-requests': budget(
      'sign-in-requests',
      'address',
      2 * config.CASEMATE_ANONYMOUS_PER_MINUTE,
    ),
    health: budget('health', 'address', config.CASEMATE_HEALTH_PER_MINUTE),
    registration: budget('registration', 'address', config.CASEMATE_REGISTRATION_PER_MINUTE),
    refresh: budget('refresh', 'session', config.CASEMATE_REFRESH_PER_MINUTE),
    'password-change': budget(
      'password-change',
      'account',
      config.CASEMATE_PASSWORD_CHANGE_PER_MINUTE,
    ),
    'password-reset': {
      ...budget('password-reset', 'e-mail', config.CASEMATE_PASSWORD_RESETS_PER_HOUR),
      windowSeconds: 60 * MINUTE,
    },
    'second-factor': budget('second-factor', 'account', config.CASEMATE_SECOND_FACTOR_PER_MINUTE),
    account: budget('account', 'account', config.CASEMATE_ACCOUNT_PER_MINUTE),
    tenant: budget('tenant', 'tenant', config.CASEMATE_TENANT_PER_MINUTE),
  };
}

const CLOSED: ReadonlySet<BudgetName> = new Set([
  'registration',
  'password-change',
  'password-reset',
  'second-factor',
]);

/** Keys that anybody can make up; all others name an account or a tenant. */
const STRANGERS: ReadonlySet<string> = new Set(['address', 'session', 'e-mail']);

/** This process's lease on one budget of all processes. */
export function openBudget(platform: Platform, limit: LimitInForce): Leases {
  const budget: Budget = {
    name: limit.name,
    limit: limit.limit,
    windowSeconds: limit.windowSeconds,
    ofStrangers: STRANGERS.has(limit.of),
  };
  return createLeases({
    limit: limit.limit,
    windowMs: limit.windowSeconds * 1_000,
    whenAway: limit.whenAway,
    now: () => performance.now(),
    draw: (key, need) => platform.db.readControl((tx) => drawBudget(tx, budget, { key, need })),
    failed: (error) => {
      const away = error instanceof AppError;
      platform.log[away ? 'warn' : 'error']('a budget could not be drawn', {
        budget: limit.name,
        whenAway: limit.whenAway,
        error,
      });
    },
  });
}
