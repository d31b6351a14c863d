import { type CheckResult, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'graphics';
const needed = 'nothing; a GPU makes answers faster (its use is untested)';
const vendors = new Map([
  ['0x10de', 'NVIDIA'],
  ['0x1002', 'AMD'],
  ['0x8086', 'Intel'],
]);

export async function checkGraphics({ host }: CheckContext): Promise<CheckResult> {
  const driver = await host.readText('/proc/driver/nvidia/version');
  const version = /Kernel Module\s+([\d.]+)/.exec(driver ?? '')?.[1];
  if (driver) return ok(id, { found: `NVIDIA, driver ${version ?? 'of unknown version'}`, needed });
  const cards = (await host.list('/sys/class/drm')).filter((name) => /^card\d+$/.test(name));
  const ids = await Promise.all(
    cards.map((card) => host.readText(`/sys/class/drm/${card}/device/vendor`)),
  );
  const names = ids
    .map((vendor) => vendors.get(vendor?.trim() ?? ''))
    .filter((name) => name !== undefined);
  if (!names.includes('NVIDIA')) {
    return ok(id, { found: names.join(', ') || 'none: the processor does the work', needed });
  }
  const mend = "Install NVIDIA's driver, or leave it: the processor does the work";
  return warn(id, { found: 'NVIDIA, without its driver', needed, mend });
}
