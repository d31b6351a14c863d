import type { Locator, Page } from 'playwright-core';

/** How a person works a page. */
export interface Hand {
  press: (target: Locator) => Promise<void>;
  /** A check box: Enter would send its form. */
  tick: (target: Locator) => Promise<void>;
  write: (target: Locator, text: string) => Promise<void>;
}

export function mouse(): Hand {
  return {
    press: (target) => target.click(),
    tick: (target) => target.click(),
    write: (target, text) => target.fill(text),
  };
}

/** More stops than any page of the dashboard has; a target that is not among them can't be reached. */
const mostStops = 150;

/** Tab, Enter and letters only, and arrows in a menu. */
export function keyboard(page: Page): Hand {
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    const inMenu = (await target.getAttribute('role')) === 'menuitem';
    for (let stop = 0; stop < mostStops; stop += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(inMenu ? 'ArrowDown' : 'Tab');
    }
    throw new Error(`The keyboard can't reach ${String(target)}`);
  };
  return {
    press: async (target) => {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    tick: async (target) => {
      await reach(target);
      await page.keyboard.press('Space');
    },
    write: async (target, text) => {
      await reach(target);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
  };
}
