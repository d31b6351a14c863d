import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { keyboard, mouse } from './hand.ts';
import { address, operator } from './installed.ts';
import { signInFor, type Walk } from './walk.ts';
import { watchPage } from './watch-page.ts';

/** A kind of window, by its name, and whether the keyboard alone works it. */
export type Window = [name: string, options: BrowserContextOptions, byKeys: boolean];

const wide = { width: 1280, height: 860 };
export const light: Window = ['light', { viewport: wide, colorScheme: 'light' }, false];
export const dark: Window = ['dark', { viewport: wide, colorScheme: 'dark' }, true];
export const narrow: Window = ['narrow', { viewport: { width: 390, height: 844 } }, false];

/** A walk with its window; `faults` grows with what the page does wrong (see `watchPage`). */
export type OpenWalk = Walk & { context: BrowserContext; faults: string[] };

/** Of a journey that is refused on purpose: a browser notes each refusal, and that alone is no fault. */
export const isFault = (fault: string): boolean => !/responded with a status of 4\d\d/.test(fault);

/** Opens a window in which nobody is signed in; whoever asks closes its context. */
export async function openWindow(browser: Browser, [, options, byKeys]: Window): Promise<OpenWalk> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = await watchPage(page, address);
  return { page, hand: byKeys ? keyboard(page) : mouse(), address, context, faults };
}

/** Opens a window and signs the operator in. */
export async function openWalk(browser: Browser, window: Window): Promise<OpenWalk> {
  const walk = await openWindow(browser, window);
  await signInFor(walk, operator, '/platform/status');
  return walk;
}

/** One journey of the operator in a window of its own; a fault of the page fails it too. */
export async function walkAsOperator(
  browser: Browser,
  window: Window,
  journey: (walk: Walk) => Promise<void>,
): Promise<void> {
  const { context, faults, ...walk } = await openWalk(browser, window);
  try {
    await journey(walk);
  } finally {
    await context.close();
  }
  if (faults.length > 0) throw new Error(`The page had faults: ${faults.join('; ')}`);
}
