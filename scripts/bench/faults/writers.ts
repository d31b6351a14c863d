import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchAppliance } from '../bench-appliance.ts';
import { ask, type Asked } from './ask.ts';

/** Somebody who writes; `token` is renewed from outside while they do. */
export type Writer = { tenantId: string; email: string; token: string };

type Question = { content: string; answered: boolean };
type Conversation = {
  kind: 'conversation';
  by: Writer;
  id: string;
  title?: string;
  questions: Question[];
};

/** What was acknowledged: it must be there at the end, as it was. */
export type Acknowledged = Conversation | { kind: 'document' | 'tenant'; by: Writer; id: string };

/** People who open and name conversations, one who asks, one who uploads and makes tenants. */
export class Writing {
  readonly acknowledged: Acknowledged[] = [];
  /** Requests that were refused or got no answer: nothing was promised for them. */
  refused = 0;
  #stopped = false;
  readonly #appliance: BenchAppliance;
  readonly #running: Promise<void>[];

  constructor(appliance: BenchAppliance, people: readonly Writer[], admin: Writer) {
    this.#appliance = appliance;
    const [asker = admin, ...others] = people;
    this.#running = [
      ...others.map((by) => this.#repeat(150, () => this.#name(by))),
      this.#repeat(500, () => this.#question(asker)),
      this.#repeat(1000, () => this.#upload(admin)),
      this.#repeat(20_000, () => this.#tenant(admin)),
    ];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #repeat(everyMs: number, work: () => Promise<unknown>): Promise<void> {
    while (!this.#stopped) {
      await work();
      await pause(everyMs);
    }
  }

  async #write(by: Writer, route: readonly [string, string], wish: Asked) {
    const call = ask(this.#appliance, route, { token: by.token, ...wish });
    const answer = await call.catch(() => undefined);
    if (answer && answer.status >= 200 && answer.status < 300) return answer.text;
    this.refused += 1;
    return undefined;
  }

  async #open(by: Writer): Promise<Conversation | undefined> {
    const opened = await this.#write(by, ['POST', placeOf(by)], { json: {} });
    if (opened === undefined) return undefined;
    const made: Conversation = { kind: 'conversation', by, id: idOf(opened), questions: [] };
    this.acknowledged.push(made);
    return made;
  }

  async #name(by: Writer): Promise<void> {
    const made = await this.#open(by);
    if (!made) return;
    const title = `Deed ${randomUUID()}`;
    const route = ['PATCH', `${placeOf(by)}/${made.id}`] as const;
    if ((await this.#write(by, route, { json: { title } })) !== undefined) made.title = title;
  }

  async #question(by: Writer): Promise<void> {
    const made = await this.#open(by);
    if (!made) return;
    const content = `What is the code of gate ${randomUUID()}?`;
    const route = ['POST', `${placeOf(by)}/${made.id}/messages`] as const;
    const events = await this.#write(by, route, { json: { content }, timeoutMs: 120_000 });
    if (events === undefined) return;
    // The question was taken; its answer is promised only where the stream says that it is done.
    made.questions.push({ content, answered: /^event: done$/m.test(events) });
  }

  async #upload(by: Writer): Promise<void> {
    const text = `# Gate\n\nThe code of gate ${randomUUID()} is ${randomUUID()}.\n`;
    const path = `/api/tenants/${by.tenantId}/documents?name=${randomUUID()}.md`;
    const made = await this.#write(by, ['POST', path], { raw: Buffer.from(text) });
    if (made !== undefined) this.acknowledged.push({ kind: 'document', by, id: idOf(made) });
  }

  async #tenant(by: Writer): Promise<void> {
    const json = { name: `Fault ${randomUUID()}`, language: 'en' };
    const made = await this.#write(by, ['POST', '/api/tenants'], { json });
    if (made !== undefined) this.acknowledged.push({ kind: 'tenant', by, id: idOf(made) });
  }
}

const placeOf = ({ tenantId }: Writer): string => `/api/tenants/${tenantId}/conversations`;
const idOf = (text: string): string => (JSON.parse(text) as { id: string }).id;
