import { Counter, Gauge, type Registry } from 'prom-client';
import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import { createBreaker, type Breaker, type BreakerState, type BreakerView } from './breaker.ts';
import { createShares, type Shares } from './shares.ts';
import { createShedding, type Shedding } from './shed-load.ts';

export type GuardedPart = 'database' | 'key-service' | 'model-server';

/** What keeps one process standing while a part it stands on does not. */
export type Resilience = {
  readonly breakers: Readonly<Record<GuardedPart, Breaker>>;
  /** The places of the two kinds of pools. */
  readonly control: Shares;
  readonly tenants: Shares;
  readonly shedding: Shedding;
  /** Whether the last call found the key service sealed. */
  readonly keyService: { sealed: boolean };
  view(): Readonly<Record<GuardedPart, BreakerView>>;
};

const MESSAGES: Readonly<Record<GuardedPart, string>> = {
  database: 'The database does not answer; try again in a moment',
  'key-service': 'The key service does not answer; try again in a moment',
  'model-server': 'The model server does not answer; try again in a moment',
};
const STATE_VALUE: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };
/** Waiting for a connection beyond this is waiting in vain. */
const WAITING_PER_CONNECTION = 20;

/** Made once per process, with its metrics. */
export function createResilience(config: Config, log: Log, registry: Registry): Resilience {
  const registers = [registry];
  const states = new Gauge({
    name: 'casemate_breaker_state',
    help: 'Breaker of a part: 0 closed, 1 probing, 2 open',
    labelNames: ['part'],
    registers,
  });
  const opened = new Counter({
    name: 'casemate_breaker_opened_total',
    help: 'How often the breaker of a part has opened',
    labelNames: ['part'],
    registers,
  });
  const shed = new Counter({
    name: 'casemate_requests_shed_total',
    help: 'Requests refused because the process had too much to do',
    labelNames: ['reason'],
    registers,
  });
  const breakerOf = (part: GuardedPart): Breaker => {
    states.set({ part }, 0);
    opened.inc({ part }, 0);
    return createBreaker({
      message: MESSAGES[part],
      openMs: config.CASEMATE_BREAKER_OPEN_SECONDS * 1_000,
      changed: (state) => {
        states.set({ part }, STATE_VALUE[state]);
        if (state === 'open') opened.inc({ part });
        log.warn('breaker changed', { part, state });
      },
    });
  };
  const breakers = {
    database: breakerOf('database'),
    'key-service': breakerOf('key-service'),
    'model-server': breakerOf('model-server'),
  };
  const control = createShares(config.CASEMATE_DATABASE_POOL);
  const tenants = createShares(config.CASEMATE_DATABASE_POOL);
  return {
    breakers,
    control,
    tenants,
    keyService: { sealed: false },
    shedding: createShedding({
      mostInFlight: config.CASEMATE_MAX_IN_FLIGHT,
      mostDelayMs: config.CASEMATE_SHED_DELAY_MS,
      mostWaiting: config.CASEMATE_DATABASE_POOL * WAITING_PER_CONNECTION,
      waiting: () => control.view().waiting + tenants.view().waiting,
      shed: (reason) => shed.inc({ reason }),
    }),
    view: () => ({
      database: breakers.database.view(),
      'key-service': breakers['key-service'].view(),
      'model-server': breakers['model-server'].view(),
    }),
  };
}
