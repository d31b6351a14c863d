import { saveRecords } from './process-record.ts';
import type { ProcessRecord } from './process-record.ts';
import type { Component, ComponentStatus } from './component.ts';

/** Starts, stops and watches the components of one instance in the order their specs ask for. */
export class Supervisor {
  readonly #components: readonly Component[];
  readonly #recordsFile: string;

  constructor(components: readonly Component[], recordsFile: string) {
    this.#components = components;
    this.#recordsFile = recordsFile;
  }

  status(): ComponentStatus[] {
    return this.#components.map((component) => component.status());
  }

  /** What a successor needs to find the processes of a supervisor that was killed. */
  saveRecords(): void {
    const records = this.#components
      .map((component) => component.record())
      .filter((record): record is ProcessRecord => record !== null);
    saveRecords(this.#recordsFile, records);
  }

  /**
   * Starts the components (all by default), each after those it needs; a needed one that does not
   * become ready in its time holds nobody up for longer. True if all became ready.
   */
  async start(ids?: readonly string[]): Promise<boolean> {
    const chosen = this.#chosen(ids);
    const settled = new Map<string, Promise<boolean>>();
    for (const component of chosen) component.intend();
    for (const component of this.#ordered()) {
      if (!chosen.includes(component)) continue;
      const needed = component.spec.after.flatMap((id) => settled.get(id) ?? []);
      settled.set(
        component.spec.id,
        Promise.all(needed).then(() => {
          component.start();
          return component.settled();
        }),
      );
    }
    return (await Promise.all([...settled.values()])).every(Boolean);
  }

  /** Stops in the opposite order: nobody loses what it needs before it has ended. */
  async stop(ids?: readonly string[]): Promise<void> {
    const chosen = this.#chosen(ids);
    const stopped = new Map<string, Promise<void>>();
    for (const component of this.#ordered().reverse()) {
      if (!chosen.includes(component)) continue;
      const dependents = chosen
        .filter((other) => other.spec.after.includes(component.spec.id))
        .flatMap((other) => stopped.get(other.spec.id) ?? []);
      stopped.set(
        component.spec.id,
        Promise.all(dependents).then(() => component.stop()),
      );
    }
    await Promise.all([...stopped.values()]);
  }

  async restart(ids?: readonly string[]): Promise<boolean> {
    await this.stop(ids);
    return this.start(ids);
  }

  #chosen(ids: readonly string[] | undefined): Component[] {
    const unknown = ids?.find((id) => !this.#components.some(({ spec }) => spec.id === id));
    if (unknown) throw new Error(`There is no component "${unknown}"`);
    return this.#components.filter(({ spec }) => !ids || ids.includes(spec.id));
  }

  /** Dependencies first. */
  #ordered(): Component[] {
    const order: Component[] = [];
    const visit = (component: Component) => {
      if (order.includes(component)) return;
      for (const id of component.spec.after) {
        const needed = this.#components.find(({ spec }) => spec.id === id);
        if (needed) visit(needed);
      }
      order.push(component);
    };
    this.#components.forEach(visit);
    return order;
  }
}
