import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { clusterConfFileNames } from '../database/init-cluster.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { commandFile } from '../instance/installed-command.ts';
import { reportFiles } from '../trust/report-folder.ts';

/** A file as it was; `content` (base64) is null where there was none. */
export type SavedFile = {
  file: string;
  content: string | null;
  mode: number;
  owner: { uid: number; gid: number };
};

/** The files that say which programs run and how. None holds a secret. */
export function programFiles(layout: InstanceLayout): string[] {
  const paths = instancePaths(layout);
  return [
    paths.instanceFile,
    commandFile({ layout }),
    paths.modelBridgeFile,
    paths.vaultConfigFile,
    ...clusterConfFileNames.map((name) => path.join(paths.databaseDir, name)),
    ...['release.json', reportFiles.report, reportFiles.signature].map((name) =>
      path.join(paths.trustDir, name),
    ),
  ];
}

export async function saveFiles(files: readonly string[]): Promise<SavedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      if (!found) return { file, content: null, mode: 0, owner: { uid: 0, gid: 0 } };
      const content = (await readFile(file)).toString('base64');
      return { file, content, mode: found.mode & 0o777, owner: { uid: found.uid, gid: found.gid } };
    }),
  );
}

export async function restoreFiles(saved: readonly SavedFile[]): Promise<void> {
  for (const { file, content, mode, owner } of saved) {
    if (content === null) await rm(file, { force: true });
    else await writeFileAtomically(file, Buffer.from(content, 'base64'), { mode, owner });
  }
}
