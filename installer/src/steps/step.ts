import type { Component, ComponentName } from '../components/index.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { Progress, Reporter } from '../terminal/reporter.ts';

export type InstallOptions = {
  cacheDir: string;
  bundleDir: string | undefined;
  /** The checkout that the server is built from. */
  checkoutDir: string;
  /** Where the last full run of that checkout's tests left its signed report. */
  reportDir: string;
  hostName: string | undefined;
  bindAddress: string | undefined;
  httpsPort: number | undefined;
  httpPort: number | undefined;
  ollamaPort: number | undefined;
  corsOrigins?: string | undefined;
  trustedProxies?: string | undefined;
  limits?: string | undefined;
  storageEncryption: 'confirmed' | 'without' | undefined;
};

/** What the steps share. Settings are saved whenever a step changes them. */
export type InstallContext = {
  /** Where they are kept: an upgrade keeps those of the new version apart until it switches. */
  save: (settings: InstanceSettings) => Promise<void>;
  layout: InstanceLayout;
  paths: InstancePaths;
  options: InstallOptions;
  settings: InstanceSettings;
  components: Partial<Record<ComponentName, Component>>;
  progress: (progress: Progress) => void;
};

/**
 * One step of an installation. `isDone` looks at the host, never at a note that it was done before;
 * `apply` may be interrupted at any moment and run again.
 */
export type Step = {
  id: string;
  title: string;
  isDone: (context: InstallContext) => Promise<boolean> | boolean;
  /** Resolves with a remark for the end of its line, if there is one. */
  apply: (context: InstallContext) => Promise<string | void>;
};

export type StepOutcome = { id: string; changed: boolean; ms: number };

/** Runs the steps in order; stops at the first that fails. */
export async function runSteps(
  steps: readonly Step[],
  context: InstallContext,
  reporter: Reporter,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const step of steps) outcomes.push(await runStep(step, context, reporter));
  return outcomes;
}

async function runStep(step: Step, context: InstallContext, reporter: Reporter) {
  const startedAt = performance.now();
  const report = reporter.step(step.title);
  context.progress = report.progress;
  try {
    const changed = !(await step.isDone(context));
    if (changed) report.done((await step.apply(context)) ?? undefined);
    else report.unchanged();
    return { id: step.id, changed, ms: Math.round(performance.now() - startedAt) };
  } catch (error) {
    report.failed();
    throw error;
  }
}
