import { execFileSync } from 'node:child_process';
import { checksumCheckout } from '../../../installer/src/server-build/checksum-checkout.ts';
import { checksumSources } from '../../../installer/src/server-build/checksum-sources.ts';

export type CheckoutState = {
  commit: string;
  tree: string;
  dirty: boolean;
  sources: string;
  checkout: string;
};

/** What is tested: the commit, whether anything else lies there, and the checksums of all of it. */
export async function checkoutState(root: string): Promise<CheckoutState> {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim();
  return {
    commit: git('rev-parse', 'HEAD'),
    tree: git('rev-parse', 'HEAD^{tree}'),
    dirty: git('status', '--porcelain', '--untracked-files=all') !== '',
    sources: await checksumSources(root, process.versions.node),
    checkout: await checksumCheckout(root),
  };
}

/** The state of a run, from what was there before it and after it; a change between is dirt. */
export function overRun(before: CheckoutState, after: CheckoutState): CheckoutState {
  const still = before.commit === after.commit && before.checkout === after.checkout;
  return { ...after, dirty: before.dirty || after.dirty || !still };
}
