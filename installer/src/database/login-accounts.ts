/** bootstrap.sql makes as many login roles of the server for tenants. */
const buckets = 16;

/** The accounts that sign in to the database, each with a password of its own. */
export const loginAccounts: readonly string[] = [
  'casemate_server',
  ...Array.from({ length: buckets }, (_none, bucket) => `casemate_server_${bucket}`),
  'casemate_provisioner',
  'casemate_migrator',
];
