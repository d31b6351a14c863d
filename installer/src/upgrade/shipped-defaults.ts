/**
 * The defaults of settings as this version ships them, by their names in instance.json (`limits.` for
 * the entries of `limits`). A bundle carries them, so that the next upgrade can tell what an operator
 * chose from what was only the default. A test holds the limits against those of the server.
 */
export const shippedDefaults: Readonly<Record<string, string | number>> = {
  bindAddress: '0.0.0.0',
  databasePort: 5432,
  'limits.SIGN_IN_ATTEMPTS': 5,
  'limits.SIGN_IN_FAILURES_PER_ADDRESS': 30,
  'limits.SIGN_IN_FAILURES_PER_ACCOUNT': 20,
  'limits.SIGN_IN_LOCK_MINUTES': 15,
  'limits.ANONYMOUS_PER_MINUTE': 60,
  'limits.HEALTH_PER_MINUTE': 600,
  'limits.REGISTRATION_PER_MINUTE': 3,
  'limits.REFRESH_PER_MINUTE': 30,
  'limits.PASSWORD_CHANGE_PER_MINUTE': 3,
  'limits.PASSWORD_RESETS_PER_HOUR': 3,
  'limits.SECOND_FACTOR_PER_MINUTE': 120,
  'limits.ACCOUNT_PER_MINUTE': 6000,
  'limits.ROUTE_PER_MINUTE': 3000,
  'limits.TENANT_PER_MINUTE': 120_000,
  'limits.BREAKER_OPEN_SECONDS': 30,
  'limits.REQUEST_SECONDS': 30,
  'limits.MAX_IN_FLIGHT': 1000,
  'limits.SHED_DELAY_MS': 500,
  'limits.SESSION_CACHE_MS': 2000,
};
