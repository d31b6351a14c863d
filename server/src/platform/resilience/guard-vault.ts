import { AppError } from '../app-error.ts';
import { VaultError, type VaultClient } from '../vault/vault-client.ts';
import { inSpan } from '../tracing.ts';
import { BreakerOpen, callBehind, type Breaker, type Verdict } from './breaker.ts';
import { createDeadline } from './deadline.ts';
import { retry } from './retry.ts';

/** Retries may keep a caller waiting so long; each call has a shorter timeout of its own. */
const PATIENCE_MS = 10_000;

/** What computes and stores nothing, or stores the same again. Rotating a key twice is not that. */
const SAFE_WRITE =
  /(?:^|\/)(?:transit\/(?:encrypt|decrypt|rewrap|hmac|sign|verify|datakey\/\w+)\/|sys\/health)/;

/** Busy or slow; all that is 5xx arrives as `unavailable`. */
const TRANSIENT_STATUS = new Set([408, 429]);

/**
 * The key service behind retry and breaker. A refusal (400, 403, 404) is an answer; a sealed or a
 * lost one is none, and both are told apart to the reader.
 */
export function guardVault(
  vault: VaultClient,
  breaker: Breaker,
  state: { sealed: boolean } = { sealed: false },
): VaultClient {
  const guarded = <T>(safe: boolean, call: () => Promise<T>): Promise<T> =>
    retry(() => inSpan('key-service', {}, () => callBehind(breaker, judgeVault, call)), {
      mayRepeat: (error) => safe && isTransientOfVault(error),
      deadline: createDeadline(PATIENCE_MS),
    }).then(
      (value) => {
        state.sealed = false;
        return value;
      },
      (error: unknown) => {
        const found = asSealed(error);
        // A breaker that refuses has not asked.
        if (found !== error) state.sealed = true;
        throw found;
      },
    );
  return {
    calls: () => vault.calls(),
    answeredAt: () => vault.answeredAt(),
    read: (path) => guarded(true, () => vault.read(path)),
    write: (path, body) => guarded(SAFE_WRITE.test(path), () => vault.write(path, body)),
    remove: (path) => guarded(false, () => vault.remove(path)),
  };
}

export function judgeVault(error: unknown): Verdict {
  if (error instanceof VaultError)
    return TRANSIENT_STATUS.has(error.statusCode) ? 'failure' : 'answer';
  if (error instanceof AppError) return error.code === 'unavailable' ? 'failure' : 'answer';
  return 'nothing';
}

function isTransientOfVault(error: unknown): boolean {
  if (error instanceof BreakerOpen) return false;
  return judgeVault(error) === 'failure';
}

/** A key service that answers 503 is there and sealed: waiting alone does not mend that. */
function asSealed(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'unavailable') return error;
  const { response } = (error.cause ?? {}) as { response?: { statusCode?: number } };
  if (response?.statusCode !== 503) return error;
  return new AppError(
    'unavailable',
    'The key service is sealed; nothing can be opened until it is unsealed',
    { cause: error, retryAfterSeconds: 30 },
  );
}
