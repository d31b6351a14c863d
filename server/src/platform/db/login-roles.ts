/** Login role of the server for the control schema; those of the buckets carry its name and a number. */
export const SERVER_LOGIN = 'casemate_server';

/** bootstrap.sql makes as many. A login role pays for each of its tenant roles at its first SET ROLE. */
export const BUCKETS = 16;

export function bucketLogin(bucket: number): string {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket >= BUCKETS)
    throw new Error(`there is no login role for bucket ${String(bucket)}`);
  return `${SERVER_LOGIN}_${bucket}`;
}

/** All login roles of the server. */
export const serverLogins: readonly string[] = [
  SERVER_LOGIN,
  ...Array.from({ length: BUCKETS }, (_, bucket) => bucketLogin(bucket)),
];
