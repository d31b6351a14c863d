import { listWrongDirs } from '../checks/directories.ts';
import { closedMode, isOpen } from '../checks/secrets.ts';
import type { Mend } from './mend.ts';

export const mendDirectories: Mend = {
  isFor: (check) => check === 'directories',
  plan: async (patient) => {
    const wrong = await listWrongDirs(patient);
    return wrong.map(({ wanted }) => ({
      what: `give ${wanted.dir} its rights (${wanted.mode.toString(8)}) and owner`,
      act: (hands) => hands.ensureDirs([wanted]),
    }));
  },
};

/** Takes rights away, and gives none. */
export const mendSecretFiles: Mend = {
  isFor: (check) => check === 'secret-files',
  plan: async ({ layout, listFiles }) => {
    const dirs = [...new Set([layout.configDir, layout.sealDir, layout.runDir])];
    const files = (await Promise.all(dirs.map(listFiles))).flat().filter(isOpen);
    // One directory may lie below another.
    const open = new Map(files.map((file) => [file.path, file]));
    return [...open.values()].map((file) => {
      const { path, mode } = file;
      const closed = closedMode(file);
      return {
        what: `chmod ${closed.toString(8)} ${path} (it is ${mode.toString(8)})`,
        act: (hands) => hands.setRights(path, closed),
      };
    });
  },
};

/** Its rights and its owner; a key that is lost, cut short or in the wrong place is the operator's. */
export const mendSealKey: Mend = {
  isFor: (check) => check === 'seal-key',
  plan: async ({ paths, accounts, findFile }) => {
    const file = await findFile(paths.sealKeyFile);
    if (file?.kind !== 'file' || file.bytes !== 32) return [];
    const owner = accounts['casemate-keys'];
    const foreign = owner !== undefined && file.uid !== owner.uid;
    if ((file.mode & 0o377) === 0 && !foreign) return [];
    const to = foreign ? ` and give it to account ${owner.uid}` : '';
    return [
      {
        what: `chmod 400 ${file.path}${to} (it is ${file.mode.toString(8)})`,
        act: (hands) => hands.setRights(file.path, 0o400, owner),
      },
    ];
  },
};

export const mendLeftovers: Mend = {
  isFor: (check) => check === 'leftovers',
  plan: async ({ listLeftovers }) =>
    (await listLeftovers()).map(({ path, why }) => ({
      what: `remove ${path}: ${why}`,
      act: (hands) => hands.remove(path),
    })),
};
