import { messageOf } from '../fault.ts';

/** `unknown`: it could not be seen, which is not the same as good. */
export type DoctorStatus = 'ok' | 'warn' | 'fail' | 'unknown';

export type DoctorCheck = { id: string; status: DoctorStatus; found: string; mend: string | null };

type Fault = { found: string; mend: string };

export const good = (id: string, found: string): DoctorCheck => ({
  id,
  status: 'ok',
  found,
  mend: null,
});
export const poor = (id: string, fault: Fault): DoctorCheck => ({ id, status: 'warn', ...fault });
export const bad = (id: string, fault: Fault): DoctorCheck => ({ id, status: 'fail', ...fault });
export const unseen = (id: string, fault: Fault): DoctorCheck => ({
  id,
  status: 'unknown',
  ...fault,
});

/** Runs a check whose means may be away: then its answer is `unknown`, and says why. */
export async function attempt(
  id: string,
  check: () => Promise<DoctorCheck | DoctorCheck[]>,
): Promise<DoctorCheck[]> {
  try {
    return [await check()].flat();
  } catch (error) {
    const mend = 'Mend what fails first, then ask again: `casemate doctor`';
    return [unseen(id, { found: `could not be asked: ${messageOf(error)}`, mend })];
  }
}
