import { configSchema, type Config } from './config-schema.ts';
import { smsFaults } from './sms-settings.ts';

/** The start-up refusal: names every faulty setting at once, never its value. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `Casemate can't start: ${faults.length} setting(s) need mending.\n${faults
        .map((fault) => `  - ${fault}`)
        .join(
          '\n',
        )}\nThe installer writes them: run \`casemate install\` again, or set them by hand.`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const KNOWN_SECRETS = /^CASEMATE_.*(PASSWORD|SECRET|TOKEN|KEY)$/;

/**
 * Reads and checks all settings. Throws ConfigError with each fault by name. A variable that looks
 * like a secret is refused in production: other processes of the account could read it.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => name.startsWith('CASEMATE_') && value !== ''),
  );
  const faults = Object.keys(given)
    .filter((name) => KNOWN_SECRETS.test(name))
    .map((name) => `${name}: a secret must not be passed in the environment; use a file`);
  const parsed = configSchema.safeParse(
    Object.fromEntries(Object.entries(given).filter(([name]) => !KNOWN_SECRETS.test(name))),
  );
  if (!parsed.success)
    faults.push(...parsed.error.issues.map((issue) => describeIssue(given, issue)));
  faults.push(
    ...keyServiceFaults(parsed.data ?? given),
    ...databaseFaults(given),
    ...smsFaults(given),
  );
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return parsed.data;
}

/** Whether these settings, in production and with a development key, would stop the start. */
export function refusesDevelopmentKeys(config: Config): boolean {
  const named: Config = {
    ...config,
    CASEMATE_MODE: 'production',
    CASEMATE_DEVELOPMENT_KEYS_DIR: '/nonexistent',
  };
  return keyServiceFaults(named).length > 0;
}

/** Just as they were given, where they did not pass. */
type Given = Partial<Readonly<Record<keyof Config, unknown>>>;

/** What leaves the host is encrypted and verified. */
function databaseFaults(given: Given): string[] {
  const host = given.CASEMATE_DATABASE_HOST;
  const elsewhere = typeof host === 'string' && !/^(\/|127\.|::1$|localhost$)/.test(host);
  if (given.CASEMATE_MODE !== 'production' || !elsewhere || given.CASEMATE_DATABASE_CA_FILE)
    return [];
  return ['CASEMATE_DATABASE_CA_FILE: is missing, and the database is on another host'];
}

/** One way to the keys, and in production never the insecure one. */
function keyServiceFaults(config: Given): string[] {
  if (config.CASEMATE_DEVELOPMENT_KEYS_DIR) {
    if (config.CASEMATE_MODE !== 'production') return [];
    return [
      'CASEMATE_DEVELOPMENT_KEYS_DIR: a development key is insecure and refused in production',
    ];
  }
  if (config.CASEMATE_VAULT_SOCKET ?? config.CASEMATE_VAULT_ADDR) return signInFaults(config);
  return [
    'CASEMATE_VAULT_SOCKET: is missing (or give CASEMATE_VAULT_ADDR)',
    ...signInFaults(config),
  ];
}

/** One way to sign in there, whole. */
function signInFaults(config: Given): string[] {
  const names = config.CASEMATE_VAULT_KUBERNETES_ROLE
    ? (['CASEMATE_VAULT_KUBERNETES_TOKEN_FILE'] as const)
    : ([
        'CASEMATE_VAULT_ROLE_ID_FILE',
        'CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE',
        'CASEMATE_VAULT_REQUEST_FILE',
      ] as const);
  return names.filter((name) => !config[name]).map((name) => `${name}: is missing`);
}

function describeIssue(
  given: object,
  issue: { path: PropertyKey[]; message: string; code: string },
): string {
  if (issue.code === 'unrecognized_keys' && 'keys' in issue)
    return `${(issue.keys as string[]).join(', ')}: is no setting of this version`;
  const name = issue.path.map(String).join('.');
  if (!(name in given)) return `${name}: is missing`;
  return `${name}: ${issue.message}`;
}
