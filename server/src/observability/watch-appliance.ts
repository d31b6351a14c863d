import type { Platform } from '../platform/index.ts';
import { ALERT_RULES } from './alert-rules.ts';
import { createEvaluator, type Alert, type Sample } from './evaluate-alerts.ts';
import { gatherFacts, type Sources } from './gather-facts.ts';
import { createRecentMinutes, type Minute } from './recent-minutes.ts';
import { raiseAlert, resolveAlerts, type KeptAlert } from './repo.ts';
import type { SendMail } from './send-mail.ts';
import { createStateGauges, type Facts } from './state-gauges.ts';
import { writeMail } from './write-mail.ts';

const EVERY_MS = 30_000;
/** After so many turns that nobody saw it, an alert has ended. */
const GONE_SECONDS = (EVERY_MS / 1000) * 4;

export type Watch = {
  /** One turn: look, set the gauges, judge the rules, tell. */
  turn(): Promise<void>;
  latest(): Facts | null;
  minutes(): readonly Minute[];
  stop(): Promise<void>;
};

type Watching = { platform: Platform; sources: Sources; sendMail: SendMail | null };

/** Watches the appliance from within one process of the server, with or without Prometheus. */
export function watchAppliance({ platform, sources, sendMail }: Watching): Watch {
  const { metrics, log, clock } = platform;
  const setGauges = createStateGauges(metrics.registry);
  const evaluator = createEvaluator(ALERT_RULES);
  const recent = createRecentMinutes();
  const told = new Set<string>();
  let facts: Facts | null = null;

  const turn = async (): Promise<void> => {
    facts = await gatherFacts(platform, sources);
    setGauges(facts);
    const samples = await readSamples(platform);
    const now = clock.now();
    recent.note(samples, now);
    const { raised, ended } = await keep(platform, evaluator.judge(samples, now), told);
    for (const { name, of } of raised) log.warn('alert', { alert: name, of });
    const mail = writeMail({ host: platform.config.CASEMATE_HOST_NAME, raised, ended });
    if (mail && sendMail)
      await sendMail(mail).catch((error: unknown) =>
        log.error('an alert could not be mailed', { error }),
      );
  };
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = turn().catch((error: unknown) => log.warn('the watch missed a turn', { error }));
  };
  const timer = setInterval(next, EVERY_MS);
  timer.unref();
  next();
  return {
    turn,
    latest: () => facts,
    minutes: recent.list,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

export async function readSamples({ metrics }: Pick<Platform, 'metrics'>): Promise<Sample[]> {
  const all = await metrics.registry.getMetricsAsJSON();
  return all.flatMap(({ name, values }) =>
    values.map((value) => ({
      // A series of a histogram has a name of its own.
      metric: (value as { metricName?: string }).metricName ?? name,
      labels: Object.fromEntries(
        Object.entries(value.labels).map(([label, of]) => [label, String(of)]),
      ),
      value: value.value,
    })),
  );
}

type Told = { raised: Omit<KeptAlert, 'resolvedAt'>[]; ended: KeptAlert[] };

/**
 * The database decides who tells of an alert first. When it is away, which is an alert itself, each
 * process tells of what it has not told yet.
 */
async function keep({ db }: Platform, alerts: readonly Alert[], told: Set<string>): Promise<Told> {
  const open = alerts.map(({ rule: { name, severity, summary }, of, since }) => ({
    ...{ name, severity, summary, of: of.slice(0, 200), since },
  }));
  const keyOf = ({ name, of }: { name: string; of: string }): string => `${name} ${of}`;
  const untold = open.filter((alert) => !told.has(keyOf(alert)));
  const kept = await db
    .inControl(async (tx) => {
      const raised: typeof open = [];
      for (const alert of open) if (await raiseAlert(tx, alert)) raised.push(alert);
      return { raised, ended: await resolveAlerts(tx, GONE_SECONDS) };
    })
    .catch(() => ({ raised: untold, ended: [] }));
  const raised = kept.raised.filter((alert) => !told.has(keyOf(alert)));
  told.clear();
  for (const alert of open) told.add(keyOf(alert));
  return { raised, ended: kept.ended };
}
