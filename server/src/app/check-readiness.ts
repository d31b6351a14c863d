import { AppError, type Platform } from '../platform/index.ts';

export type ComponentState = {
  id: 'database' | 'key-service' | 'model-server' | 'provisioner';
  status: 'ok' | 'degraded' | 'down';
  detail: string;
  mend: string | null;
};

const TIMEOUT_MS = 3_000;
const STALE_SECONDS = 120;

/** Asks each part the server stands on, all at once, each within three seconds. */
export async function checkReadiness(
  platform: Platform,
  { without }: { without?: ComponentState['id'] } = {},
): Promise<ComponentState[]> {
  const checks: readonly Check[] = [
    [
      'database',
      'See `casemate logs postgresql`',
      async () => {
        await platform.db.readControl((tx) => tx.query('select 1'));
        return 'answers';
      },
    ],
    [
      'key-service',
      'See `casemate logs openbao`',
      async () => {
        const { insecure } = await platform.vault.read('auth/token/lookup-self');
        return insecure === true ? 'INSECURE: a development key' : 'unsealed and signed in';
      },
    ],
    [
      'model-server',
      'See `casemate logs ollama` and run `casemate doctor`',
      async () => {
        const { CASEMATE_CHAT_MODEL: chat, CASEMATE_EMBED_MODEL: embed } = platform.config;
        const names = (await platform.models.models()).map((name) => name.replace(/:latest$/, ''));
        const missing = [chat, embed].filter((name) => !names.includes(name));
        if (missing.length > 0) throw new AppError('unavailable', `missing: ${missing.join(', ')}`);
        return `${chat}, ${embed}`;
      },
    ],
    [
      'provisioner',
      'See `casemate logs provisioner`',
      async () => {
        const [row] = await platform.db.readControl((tx) =>
          tx.query<{ waiting: string }>(
            `select count(*) as waiting from control.waiting_provisioning($1)`,
            [STALE_SECONDS],
          ),
        );
        const waiting = Number(row?.waiting ?? 0);
        if (waiting > 0) throw new AppError('unavailable', `${waiting} tenant(s) wait for it`);
        return 'nothing waits';
      },
    ],
  ];
  return Promise.all(
    checks.filter(([id]) => id !== without).map(([id, mend, ask]) => check(id, mend, ask)),
  );
}

type Check = readonly [id: ComponentState['id'], mend: string, ask: () => Promise<string>];

async function check(
  id: ComponentState['id'],
  mend: string,
  ask: () => Promise<string>,
): Promise<ComponentState> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new AppError('unavailable', 'no answer in 3 s')), TIMEOUT_MS);
    });
    const detail = await Promise.race([ask(), late]);
    return { id, status: 'ok', detail, mend: null };
  } catch (error) {
    const detail = error instanceof AppError ? error.message : 'does not answer';
    return { id, status: 'down', detail, mend };
  } finally {
    clearTimeout(timer);
  }
}
