import { createMailer, watchAppliance, type Sources, type Watch } from '../observability/index.ts';
import { listSecrets } from '../rotation/index.ts';
import { readControlStatuses, readEgressReport } from '../trust/index.ts';
import { checkReadiness } from './check-readiness.ts';
import { createSystemContext } from './context.ts';
import type { Parts } from './parts.ts';
import { secrets } from './secrets.ts';
import { VERSION } from './version.ts';

/** What takes calls to the key service changes slowly, and is asked for seldom. */
const SELDOM_MS = 3_600_000;

/** Starts to watch the appliance: gauges, alerts, mails. */
export function startWatch(parts: Parts): Watch & { readonly mailed: boolean } {
  const { platform } = parts;
  const sendMail = createMailer(platform.config);
  const watch = watchAppliance({ platform, sources: sourcesOf(parts), sendMail });
  return { ...watch, mailed: sendMail !== null };
}

function sourcesOf(parts: Parts): Sources {
  const { resilience } = parts.platform;
  const context = () => createSystemContext(parts);
  return {
    parts: async () => {
      const states = await checkReadiness(parts.platform, { without: 'key-service' });
      const asked = states.map(({ id, status }) => [id, status !== 'down'] as const);
      // Others ask the key service all the time: what came of their calls says as much as one more.
      const { state, failures } = resilience.view()['key-service'];
      const keyService = ['key-service', state === 'closed' && failures === 0] as const;
      return Object.fromEntries([...asked, keyService]);
    },
    keyServiceSealed: () => Promise.resolve(resilience.keyService.sealed),
    controls: seldom(() => readControlStatuses(context(), VERSION)),
    egress: seldom(async () => {
      const { report, fault } = await readEgressReport(context());
      return fault === null ? (report?.ok ?? null) : false;
    }),
    secrets: seldom(() => countSecrets(parts)),
  };
}

/** Asks again after an hour, or when the last asking failed. */
function seldom<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: { at: number; answer: Promise<T> } | undefined;
  return () => {
    if (known && performance.now() - known.at < SELDOM_MS) return known.answer;
    const answer = ask();
    const mine = { at: performance.now(), answer };
    known = mine;
    answer.catch(() => {
      if (known === mine) known = undefined;
    });
    return answer;
  };
}

async function countSecrets(parts: Parts): Promise<Record<string, number>> {
  const entries = await listSecrets(createSystemContext(parts), secrets);
  const counts: Record<string, number> = { current: 0, due: 0, overdue: 0, unknown: 0 };
  for (const { state } of entries) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
