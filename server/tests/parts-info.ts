/** How a test file finds the parts that the run's set-up started. */
export type PartsInfo = {
  dir: string;
  /** Folder of request files and wrapped secret-ids. */
  desk: string;
  socketDir: string;
  port: number;
  vaultSocket: string;
  certFile: string;
  keyFile: string;
  caFile: string;
  /** Of `casemate_<name>`, as they were drawn; these databases hold nothing but tests. */
  passwords: Record<string, string>;
  roleIdFiles: { server: string; provisioner: string };
  /** Credential of the operator at the key service. */
  operatorFile: string;
};

export function partsInfo(): PartsInfo {
  const text = process.env['CASEMATE_TEST_PARTS'];
  if (!text) throw new Error('database tests run in the Jest project `db`, which starts the parts');
  return JSON.parse(text) as PartsInfo;
}
