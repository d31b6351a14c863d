import { setTimeout as pause } from 'node:timers/promises';
import type { BenchAppliance } from '../bench-appliance.ts';
import { ask } from './ask.ts';
import type { Acknowledged, Writer } from './writers.ts';

type Conversation = {
  title: string | null;
  messages: { role: string; content: string; state: string }[];
};
type Stateful = { state: string };

/** Documents and tenants that wait for their job are given so long. */
const PATIENCE_MS = 300_000;

/** Says of everything that was acknowledged and is not as it was what is wrong with it. */
export async function readBack(
  appliance: BenchAppliance,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> {
  const lost: string[] = [];
  const deadline = Date.now() + PATIENCE_MS;
  for (const one of acknowledged) {
    const why = await judge(appliance, one, deadline);
    if (why !== undefined) lost.push(`${one.kind} ${one.id}: ${why}`);
  }
  return lost;
}

async function judge(
  appliance: BenchAppliance,
  one: Acknowledged,
  deadline: number,
): Promise<string | undefined> {
  if (one.kind === 'conversation') {
    const path = `/api/tenants/${one.by.tenantId}/conversations/${one.id}`;
    const found = await get<Conversation>(appliance, one.by, path);
    if (typeof found === 'number') return `answered ${found}`;
    if (one.title !== undefined && found.title !== one.title) return 'has another title';
    for (const { content, answered } of one.questions) {
      const at = found.messages.findIndex((said) => said.content === content);
      if (at < 0) return 'a question is missing';
      const answer = found.messages.slice(at + 1).find(({ role }) => role === 'assistant');
      if (answered && answer?.state !== 'complete')
        return `its answer is ${answer?.state ?? 'missing'}`;
    }
    return undefined;
  }
  const tenants = '/api/tenants';
  const path = one.kind === 'tenant' ? tenants : `${tenants}/${one.by.tenantId}/documents`;
  const wanted = one.kind === 'tenant' ? 'active' : 'ready';
  for (;;) {
    const found = await get<Stateful>(appliance, one.by, `${path}/${one.id}`);
    if (typeof found === 'number') return `answered ${found}`;
    if (found.state === wanted) return undefined;
    if (found.state === 'failed' || Date.now() > deadline) return `is ${found.state}`;
    await pause(200);
  }
}

/** The answer, or the status that stood in its place. The limits of an account are waited for. */
async function get<T>(appliance: BenchAppliance, by: Writer, path: string): Promise<T | number> {
  for (;;) {
    const { status, text } = await ask(appliance, ['GET', path], { token: by.token });
    if (status === 200) return JSON.parse(text) as T;
    if (status !== 429) return status;
    await pause(1000);
  }
}
